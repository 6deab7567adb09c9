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
    return ProgressLine.text(
      SyncProgress(
        handledCount: handled, itemCount: items, chunkCount: 1, elapsed: .seconds(2),
        remaining: nil), work, planned: Double(items) * IndexHandler.units(of: file))
  }

  @Test("progress is a count, a share, rates and one figure for the time left")
  func line() {
    #expect(text(0, of: 200) == "0 of 200 (0 %)")
    #expect(text(50, of: 200) == "50 of 200 (25 %), 25.0 files/s, 0.819 MB/s, 6.00 s left")
    #expect(text(200, of: 200) == "200 of 200 (100 %), 100 files/s, 3.28 MB/s, 0 s left")
    #expect(text(0, of: 0) == "0 of 0 (100 %)")
  }
}
