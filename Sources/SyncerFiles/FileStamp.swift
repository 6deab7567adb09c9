internal import Foundation

/// What tells one state of a file from another without reading it.
///
/// Programs may set the modification time as they like. Nobody can set the time of the last change
/// of status (`ctime`), and a file that took another's place has another number.
public struct FileStamp: Sendable, Equatable {
  /// The size in bytes.
  public var size: Int64
  /// The modification time, in nanoseconds since 1970, limited to what fits (1677 to 2262).
  public var modifiedNanoseconds: Int64
  /// When contents, name or permissions last changed, likewise; nil where it is not known.
  public var changedNanoseconds: Int64?
  /// The number of the file on its device (inode); nil where it is not known.
  public var number: UInt64?

  /// Makes a stamp.
  public init(
    size: Int64, modifiedNanoseconds: Int64, changedNanoseconds: Int64? = nil,
    number: UInt64? = nil
  ) {
    self.size = size
    self.modifiedNanoseconds = modifiedNanoseconds
    self.changedNanoseconds = changedNanoseconds
    self.number = number
  }

  /// Whether both may be of one state of a file: what either does not know is not compared.
  public func agrees(with other: FileStamp) -> Bool {
    func agree<Value: Equatable>(_ one: Value?, _ another: Value?) -> Bool {
      one == nil || another == nil || one == another
    }
    return size == other.size && modifiedNanoseconds == other.modifiedNanoseconds
      && agree(changedNanoseconds, other.changedNanoseconds) && agree(number, other.number)
  }

  /// How long it takes until every further change gives the file another stamp, in nanoseconds.
  ///
  /// File systems keep times in steps: 2 s on FAT, 1 s on HFS+ and some network disks, else those
  /// of the kernel's timer, 10 ms at most. What changes within the step of the stamp cannot be told
  /// from what was read before. The clock of a file server may be behind by more than that: only
  /// reading again finds what changed then.
  ///
  /// - Parameter now: The time, in nanoseconds since 1970.
  /// - Returns: zero where a reading that begins now is of this stamp for good.
  public func nanosecondsUntilSettled(at now: Int64) -> Int64 {
    guard let changed = changedNanoseconds else { return .max }
    let step: Int64 = changed % 1_000_000_000 == 0 ? 2_500_000_000 : 25_000_000
    // A modification time ahead of the clock was set by a program and says nothing about now.
    let newest = modifiedNanoseconds <= now ? max(changed, modifiedNanoseconds) : changed
    let (age, isOverflow) = now.subtractingReportingOverflow(newest)
    if isOverflow { return newest > now ? .max : 0 }
    let (rest, isTooLong) = step.subtractingReportingOverflow(age)
    return isTooLong ? .max : max(0, rest)
  }

  /// The time by the system's clock, in nanoseconds since 1970: what stamps are compared with.
  public static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return nanoseconds(time)
  }

  /// A time of the system, limited to what fits.
  static func nanoseconds(_ time: timespec) -> Int64 {
    let (scaled, overflow) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, carry) = scaled.addingReportingOverflow(Int64(time.tv_nsec))
    return overflow || carry ? (time.tv_sec < 0 ? .min : .max) : sum
  }
}

/// A file or folder itself, whatever its names are.
public struct FileIdentity: Hashable, Sendable {
  /// The device it is on.
  public var device: UInt64
  /// Its number there (inode).
  public var number: UInt64

  /// Makes an identity.
  public init(device: UInt64, number: UInt64) {
    self.device = device
    self.number = number
  }

  /// That of what a path leads to, through symbolic links too; nil where nothing can be found.
  public init?(path: String) {
    var status = stat()
    if stat(path, &status) != 0 { return nil }
    self = FileStatus(status).identity
  }
}
