import Syncer
import Testing

@testable import SyncerTesting

struct HeapTests {
  @Test("elements come out in order, whatever was put in and taken out between", arguments: 1...50)
  func order(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    var heap = Heap<Int>()
    var kept: [Int] = []
    for step in 0..<300 {
      switch generator.next(below: 4) {
      case 0:
        kept.sort(by: >)
        #expect(heap.popMin() == kept.popLast(), "seed \(seed), step \(step)")
      case 1 where step % 7 == 0:
        heap.removeAll { $0 % 3 == 0 }
        kept.removeAll { $0 % 3 == 0 }
      default:
        let value = generator.next(below: 100)
        heap.insert(value)
        kept.append(value)
      }
      #expect(heap.min == kept.min() && heap.count == kept.count, "seed \(seed), step \(step)")
    }
  }
}
