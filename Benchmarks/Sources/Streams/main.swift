// Syncs two sides of sorted keys, half of them shared, read as streams or compared by hash.
//
// streams sorted|hashed COUNT: prints which, the entries, the chunks, the seconds and the most megabytes that
// were resident. `Benchmarks/streams.sh` runs it.
import Foundation
import Syncer

/// A row: its key, and a word beside it.
struct Row: Sendable {
  var key: UInt64
  var value: UInt64
}

/// The rows of a range of keys, made when they are read.
struct Rows: AsyncSequence, Sendable {
  let keys: Range<UInt64>

  func makeAsyncIterator() -> Iterator { Iterator(keys: keys.makeIterator()) }

  struct Iterator: AsyncIteratorProtocol {
    var keys: Range<UInt64>.Iterator
    mutating func next() async -> Row? { keys.next().map(Row.init) }
  }
}

extension Rows: SelectableResource {
  func select() -> [Row] { keys.map(Row.init) }
}

extension Row {
  init(key: UInt64) { self.init(key: key, value: key &* 0x9E37_79B9_7F4A_7C15) }
}

/// Adds up what it handles.
struct Adding: EntrySyncHandler {
  typealias Key = UInt64
  typealias Left = Row
  typealias Right = Row

  func handle(_ entry: DiffEntry<UInt64, Row, Row>) -> UInt64 {
    (entry.left?.value ?? 1) ^ (entry.right?.value ?? 2)
  }

  func processChunk(_ chunk: HandledChunk<UInt64>) {}
}

/// The most memory that was resident, in megabytes.
func peakMegabytes() -> Int {
  var usage = rusage()
  #if os(Linux)
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Int(usage.ru_maxrss) / 1000
  #else
    getrusage(RUSAGE_SELF, &usage)
    return Int(usage.ru_maxrss) / 1_000_000
  #endif
}

let arguments = CommandLine.arguments
guard arguments.count == 3, ["sorted", "hashed"].contains(arguments[1]),
  let count = UInt64(arguments[2])
else {
  print("usage: streams sorted|hashed COUNT")
  exit(64)
}
let (left, right) = (Rows(keys: 0..<count), Rows(keys: count / 2..<count / 2 + count))
let syncer =
  arguments[1] == "sorted"
  ? Syncer(
    differ: SortedDiffer(
      left: left, right: right, leftKey: \.key, rightKey: \.key, uniqueKeys: [.left, .right]),
    handler: Adding())
  : Syncer(
    differ: Differ(left: left, right: right, leftKey: \.key, rightKey: \.key),
    handler: Adding(), order: .listed)
let start = ContinuousClock.now
let report = try await syncer.chunkedSync(chunkTime: .milliseconds(100))
let seconds = start.duration(to: .now) / .seconds(1)
print(arguments[1], report.handledCount, report.chunks.count, seconds, peakMegabytes())
