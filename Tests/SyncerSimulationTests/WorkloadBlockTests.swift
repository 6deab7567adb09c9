import Syncer
import Testing

@testable import SyncerSimulation

/// Items beyond a phase's first block are drawn on all cores, and nobody can tell.
struct WorkloadBlockTests {
  private static let block = WorkloadDrawing.blockSize
  private static let file = ItemClass(name: "file", handle: .lognormal(mean: 0.01, cv: 0.5))
  private static let image = ItemClass(
    name: "image", handle: .exponential(mean: 1), process: .gamma(mean: 5, cv: 0.3))

  private static func workload(_ phases: [WorkloadPhase]) throws -> Workload {
    try Workload(
      Scenario(name: "blocks", seed: 5, workload: WorkloadSettings(source: .phases(phases))))
  }

  private static func files(_ count: Int) -> WorkloadPhase {
    WorkloadPhase(count: count, classes: [file])
  }

  @Test("a longer phase begins with the items of a shorter one")
  func longer() throws {
    let long = try Self.workload([Self.files(2 * Self.block + 77)])
    #expect(long.count == 2 * Self.block + 77)
    for count in [1, Self.block - 1, Self.block, Self.block + 1, 2 * Self.block] {
      let short = try Self.workload([Self.files(count)])
      #expect(short.count == count)
      #expect(
        short.handleNanoseconds.elementsEqual(long.handleNanoseconds[..<count]), "\(count) items")
    }
  }

  @Test("every block has draws of its own, in every phase")
  func ownDraws() throws {
    let costs = try Self.workload([Self.files(3 * Self.block), Self.files(2 * Self.block)])
      .handleNanoseconds
    let blocks = (0..<5).map { costs[$0 * Self.block..<($0 + 1) * Self.block].prefix(1000) }
    for (first, block) in blocks.enumerated() {
      for other in blocks[(first + 1)...] {
        let equal = zip(block, other).count { $0 == $1 }
        #expect(equal < 5, "\(equal) of the first 1,000 draws of two blocks are the same")
      }
    }
  }

  @Test("a class listed twice in a mix draws for each")
  func listedTwice() throws {
    let mix = WorkloadPhase(count: Self.block + 1000, classes: [Self.image, Self.image])
    let costs = try Self.workload([mix]).handleNanoseconds[Self.block...]
    #expect(Set(costs).count > 990)
  }

  @Test("a phase of another class moves no draw of the others", arguments: 0...1)
  func addedPhase(place: Int) throws {
    let phase = Self.files(2 * Self.block)
    var phases = [phase]
    phases.insert(WorkloadPhase(count: Self.block + 10, classes: [Self.image]), at: place)
    let (before, after) = (try Self.workload([phase]), try Self.workload(phases))
    let index = try #require(after.classes.firstIndex(of: "file"))
    let files = after.classOfItem.indices.filter { Int(after.classOfItem[$0]) == index }
      .map { after.handleNanoseconds[$0] }
    #expect(files == before.handleNanoseconds)
  }

  @Test("all columns of a mix are drawn alike in every block, again and again")
  func mix() throws {
    var hinted = Self.image
    hinted.hintNoise = 0.2
    hinted.weight = 3
    let phase = WorkloadPhase(count: 2 * Self.block, classes: [Self.file, hinted])
    let workload = try Self.workload([phase])
    let again = try Self.workload([phase])
    #expect(again.classOfItem == workload.classOfItem)
    #expect(again.handleNanoseconds == workload.handleNanoseconds)
    #expect(again.processNanoseconds == workload.processNanoseconds)
    // An item without a hint has NaN, which equals nothing.
    #expect(again.hints.map(\.bitPattern) == workload.hints.map(\.bitPattern))
    for block in 0..<2 {
      let items = block * Self.block..<(block + 1) * Self.block
      let images = items.filter { workload.classOfItem[$0] == 1 }
      // Three quarters, standard deviation 222.
      #expect(abs(images.count - 3 * Self.block / 4) < 1200, "\(images.count) in block \(block)")
      #expect(images.allSatisfy { workload.hints[$0] > 0 })
      let mean = Double(images.reduce(0) { $0 + workload.process($1) }) / Double(images.count) / 1e9
      // Standard error 0.0034.
      #expect(abs(mean - 5) < 0.02, "mean \(mean) in block \(block)")
    }
  }

  @Test("the total is that of sums with a check at every item, and limited to what fits")
  func total() {
    let costs: [Int64] = [0, 1, 0xFFFF_FFFF, 1 << 32, 3 << 61, .max - 1, .max]
    for first in costs {
      for second in costs {
        for third in costs {
          var workload = Workload()
          workload.handleNanoseconds = [first, second]
          workload.processNanoseconds = [third]
          let expected = [second, third].reduce(first) {
            let (sum, overflow) = $0.addingReportingOverflow($1)
            return overflow ? .max : sum
          }
          #expect(workload.totalNanoseconds == expected, "\(first), \(second), \(third)")
        }
      }
    }
  }
}
