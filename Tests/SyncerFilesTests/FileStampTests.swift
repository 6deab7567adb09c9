import Foundation
import SyncerFiles
import TestSupport
import Testing

struct FileStampTests {
  private let second: Int64 = 1_000_000_000
  private let now: Int64 = 1_700_000_000_000_000_000

  private func stamp(modified: Int64, changed: Int64?) -> FileStamp {
    FileStamp(size: 1, modifiedNanoseconds: modified, changedNanoseconds: changed, number: 7)
  }

  @Test("a stamp settles when its file system's clock has moved on")
  func settling() {
    let fine = now - 10_000_001
    #expect(stamp(modified: 0, changed: fine).nanosecondsUntilSettled(at: now) == 14_999_999)
    #expect(stamp(modified: 0, changed: fine).nanosecondsUntilSettled(at: now + second) == 0)
    // Whole seconds are those of a file system that has no others.
    let coarse = now - second
    #expect(
      stamp(modified: 0, changed: coarse).nanosecondsUntilSettled(at: now) == 1_500_000_000)
    #expect(
      stamp(modified: 0, changed: coarse).nanosecondsUntilSettled(at: now + 1_500_000_000) == 0)
    // Where a program did not set it, the modification time says the same.
    #expect(stamp(modified: now - 5, changed: 12).nanosecondsUntilSettled(at: now) > 0)
    #expect(stamp(modified: .max, changed: 12).nanosecondsUntilSettled(at: now) == 0)
  }

  @Test("extremes do not overflow", arguments: [Int64.min, -1, 0, 1, .max])
  func extremes(time: Int64) {
    for changed in [Int64.min, -1, 0, .max] {
      for modified in [Int64.min, 0, .max] {
        #expect(stamp(modified: modified, changed: changed).nanosecondsUntilSettled(at: time) >= 0)
      }
    }
    #expect(stamp(modified: time, changed: nil).nanosecondsUntilSettled(at: now) == .max)
  }

  @Test("what a stamp does not know is not compared")
  func agreement() {
    let known = stamp(modified: 5, changed: 6)
    #expect(known.agrees(with: known))
    #expect(known.agrees(with: FileStamp(size: 1, modifiedNanoseconds: 5)))
    #expect(!known.agrees(with: FileStamp(size: 1, modifiedNanoseconds: 4)))
    #expect(!known.agrees(with: stamp(modified: 5, changed: 7)))
    var other = known
    other.number = 8
    #expect(!known.agrees(with: other))
  }

  @Test("two names of a file are one identity, whatever links lead there")
  func identity() throws {
    let folder = try TemporaryFolder()
    try folder.write("a", "1")
    try folder.write("b", "1")
    try folder.link("soft", to: "a")
    try FileManager.default.linkItem(atPath: "\(folder.path)/a", toPath: "\(folder.path)/hard")
    let identity = FileIdentity(path: "\(folder.path)/a")
    #expect(identity != nil)
    for name in ["soft", "hard"] {
      #expect(FileIdentity(path: "\(folder.path)/\(name)") == identity)
    }
    #expect(FileIdentity(path: "\(folder.path)/b") != identity)
    #expect(FileIdentity(path: "\(folder.path)/none") == nil)
    let items = try DirectoryResource(roots: [folder.path]).select()
    #expect(items.map { $0.identity == identity } == [true, false, true])
  }
}
