import Testing

@testable import Syncer
@testable import co3index

struct ProgressLineTests {
  private func text(_ handled: Int, of items: Int, _ left: ClosedRange<Duration>?) -> String {
    ProgressLine.text(
      SyncProgress(
        handledCount: handled, itemCount: items, chunkCount: 1, elapsed: .seconds(1),
        remaining: left))
  }

  @Test("progress is a count, a share and a range of time left, as far as they are known")
  func line() {
    #expect(text(0, of: 200, nil) == "0 of 200 (0 %)")
    #expect(
      text(50, of: 200, .seconds(3)...Duration.seconds(90))
        == "50 of 200 (25 %), 3.00 s to 90.0 s left")
    #expect(text(200, of: 200, .zero ... .zero) == "200 of 200 (100 %), 0 s left")
    #expect(text(0, of: 0, nil) == "0 of 0 (100 %)")
  }
}
