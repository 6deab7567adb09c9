import Syncer
import Testing

@testable import SyncerSimulation

/// FiftyOne's and Beam's sizes, as tables of chunks in and sizes out.
@Suite struct BatchRivalTests {
  @Test(
    "FiftyOne scales the chunk within a factor of eight, halves to even",
    arguments: [
      (1, 5.0, 1), (1, 1.0, 5), (1, 0.1, 8), (100, 5.1, 98), (100, 100, 12), (1, 100, 1),
      (5, 10.0, 2), (3, 10.0, 2), (1, 0.0, 8), (100_000, 1, 100_000),
    ])
  func fiftyOne(count: Int, seconds: Double, size: Int) {
    var rival = FiftyOneScheduler()
    #expect(rival.next(count, seconds, target: 5) == size)
  }

  @Test("Beam's first sizes are 1 and 2, then the line through both aims")
  func beamStarts() {
    var rival = BeamScheduler()
    #expect(rival.nextSize(target: 5) == 1)
    #expect(rival.next(1, 1.1, target: 5) == 2)
    // A line of 1 s and 0.1 s per item aims at 40; a size at most doubles.
    #expect(rival.next(2, 1.2, target: 5) == 4)
    #expect(rival.next(4, 1.4, target: 5) == 8)
    #expect(rival.next(8, 1.8, target: 5) == 16)
    #expect(rival.next(16, 2.6, target: 5) == 32)
    #expect(rival.next(32, 4.2, target: 5) == 40)
  }

  @Test("Where nothing fits, Beam alternates between the least sizes")
  func beamAtTheFloor() {
    var rival = BeamScheduler()
    #expect(rival.next(1, 100, target: 5) == 2)
    #expect(rival.next(2, 200, target: 5) == 1)
    #expect(rival.next(1, 100, target: 5) == 2)
    #expect(rival.next(2, 200, target: 5) == 1)
  }

  @Test("One size makes no line: without a fixed time, as the mean says")
  func beamWithOneSize() {
    var rival = BeamScheduler()
    #expect(rival.next(5, 1, target: 5) == 2)
    #expect(rival.next(5, 2, target: 5) == 10)
    #expect(rival.next(5, 300, target: 5) == 2)
  }

  @Test("Zero seconds are a point, and the size doubles")
  func beamAtZeroSeconds() {
    var rival = BeamScheduler()
    let sizes = [1, 2, 4, 8].map { rival.next($0, 0, target: 5) }
    #expect(sizes == [2, 4, 8, 16])
  }

  @Test("Sizes spread around the aim with more than ten points, and are the same every time")
  func beamSpreads() {
    func sizes(seed: UInt64) -> [Int] {
      var rival = BeamScheduler(seed: seed)
      return (0..<200).map { _ in
        let size = rival.nextSize(target: 5) ?? 0
        return rival.next(size, 1 + 0.1 * Double(size), target: 5) ?? 0
      }
    }
    let settled = sizes(seed: 1).dropFirst(20)
    #expect(settled.allSatisfy { (30...50).contains($0) })
    #expect(Set(settled).count > 10)
    #expect(sizes(seed: 1) == sizes(seed: 1))
    #expect(sizes(seed: 1) != sizes(seed: 2))
  }

  /// Lines fitted by numpy's `polyfit` to the same points: least squares, then without outliers by
  /// Cook's distance and with residuals over the size.
  @Test(
    arguments: [
      ([(1, 1.1), (2, 1.25), (4, 1.4), (8, 1.85)], 1.0086956521739128, 0.10434782608695654),
      (
        [
          (1, 0.61), (2, 0.72), (4, 0.9), (8, 1.32), (10, 1.5), (11, 1.62), (12, 1.69), (13, 1.8),
          (14, 1.93), (20, 9.0),
        ], 0.511595401897856, 0.09988735321753839
      ),
      (
        (1...30).map { ($0, 0.5 + 0.1 * Double($0) + ($0 % 2 == 1 ? 0.01 : -0.01)) },
        0.507086714101757, 0.09916534745539574
      ),
      ([(5, 1.0), (5, 2.0)], 0, 0.3),
    ] as [([(Int, Double)], Double, Double)])
  func line(points: [(Int, Double)], fixed: Double, perItem: Double) {
    let line = BatchTimeLine(
      points.map { BeamScheduler.Point(count: Double($0.0), seconds: $0.1) })
    #expect(abs(line.fixedSeconds - fixed) < 1e-9)
    #expect(abs(line.secondsPerItem - perItem) < 1e-9)
  }
}
