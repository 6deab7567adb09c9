import SyncerFiles
import Testing

@testable import Syncer
@testable import co3index

struct ProgressLineTests {
  /// Progress after two seconds, with so many files of 32 KiB done; such a file is two units.
  private func text(_ handled: Int, of items: Int) -> String {
    let stamp = FileStamp(size: 32_768, modifiedNanoseconds: 0)
    let file = FileItem(root: "r", path: TreePath("a"), stamp: stamp)
    var work = WorkDone()
    for _ in 0..<handled { work.add(file) }
    var rate = WorkRate()
    rate.note(work, after: 2)
    return ProgressLine.text(
      SyncProgress(
        handledCount: handled, itemCount: items, chunkCount: 1, elapsed: .seconds(2),
        remaining: nil), rate, planned: Double(items) * IndexHandler.units(of: file))
  }

  @Test("progress is a count, a share, rates and one figure for the time left")
  func line() {
    #expect(text(0, of: 200) == "0 of 200 (0 %)")
    #expect(text(50, of: 200) == "50 of 200 (25 %), 25.0 files/s, 0.819 MB/s, 6.00 s left")
    #expect(text(200, of: 200) == "200 of 200 (100 %), 100 files/s, 3.28 MB/s, 0 s left")
    #expect(text(0, of: 0) == "0 of 0 (100 %)")
  }

  @Test("a slow start is forgotten: the time left is within a factor of two from a quarter on")
  func slowStart() throws {
    let stamp = FileStamp(size: 32_768, modifiedNanoseconds: 0)
    let file = FileItem(root: "r", path: TreePath("a"), stamp: stamp)
    let planned = 1_000 * IndexHandler.units(of: file)
    // The first hundred files take as long as the nine hundred after them.
    var (work, rate, now) = (WorkDone(), WorkRate(), 0.0)
    for number in 1...1_000 {
      work.add(file)
      now += number <= 100 ? 0.09 : 0.01
      rate.note(work, after: now)
      if number < 250 || number == 1_000 { continue }
      let left = try #require(rate.secondsLeft(of: planned))
      let truth = Double(1_000 - number) * 0.01
      #expect((truth / 2...truth * 2).contains(left), "\(left) for \(truth) at \(number)")
    }
  }
}
