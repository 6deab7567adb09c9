import Syncer
import Testing

@Suite("Partitions")
struct PartitionTests {
  private static let names = (0..<20_000).map { "speech/session-\($0)/audio.wav" }

  @Test("every key is in exactly one partition", arguments: [1, 2, 3, 7, 64])
  func everyKeyIsInExactlyOne(count: Int) {
    let shares = (1...count).map { Partition(index: $0, of: count) }
    for name in Self.names.prefix(2000) {
      #expect(shares.count { $0.contains(name) } == 1, "\(name) among \(count)")
    }
    for number in -1000...1000 {
      #expect(shares.count { $0.contains(number) } == 1, "\(number) among \(count)")
    }
  }

  @Test("partitions are about equal", arguments: [2, 3, 10])
  func partitionsAreBalanced(count: Int) {
    let expected = Double(Self.names.count) / Double(count)
    for index in 1...count {
      let share = Partition(index: index, of: count)
      // Five standard deviations of a binomial count.
      let margin = 5 * (expected * (1 - 1 / Double(count))).squareRoot()
      let texts = Double(Self.names.count { share.contains($0) })
      let numbers = Double((0..<Self.names.count).count { share.contains($0) })
      #expect(abs(texts - expected) <= margin, "texts in \(index) of \(count)")
      #expect(abs(numbers - expected) <= margin, "numbers in \(index) of \(count)")
    }
  }

  @Test("the hash is what it was when this was written: workers of two versions must agree")
  func hashIsStable() {
    func hash(_ key: some StableKey) -> UInt64 {
      var hash = StableHash()
      key.add(to: &hash)
      return hash.value
    }
    // Worked out from the definition with Python's integers.
    #expect(hash("") == 0x4821_8226_FF3C_D4BF)
    #expect(hash("a") == 0x2971_C9EB_FB09_C2CA)
    #expect(hash("speech/session-1/audio.wav") == 0x756F_61AD_AEC7_F34A)
    #expect(hash(42) == 0xBDD7_3226_2FEB_6E95)
    #expect(hash(-1) == 0xDE0A_564C_BCD0_60C4)
    #expect(hash(Int32(42)) == hash(UInt64(42)))
    #expect(hash(Array("speech/session-1/audio.wav".utf8)) == 0x756F_61AD_AEC7_F34A)
    #expect(hash("speech/session-1/audio.wav"[...]) == 0x756F_61AD_AEC7_F34A)
  }

  @Test("workers with a partition each do everything once", arguments: [1, 2, 5])
  func workersDivideASync(count: Int) async throws {
    let names = Array(Self.names.prefix(300))
    let differences = Differences(
      left: names, right: [], leftKey: { $0 }, rightKey: { (name: String) in name })
    var handled: [String] = []
    for index in 1...count {
      let share = Partition(index: index, of: count)
      let log = HandledNames()
      let handler = ClosureSyncHandler<String, String, String, String>(
        filter: { share.contains($0.key) }, handle: { $0.key },
        processChunk: { await log.add($0.outputs) })
      _ = try await Syncer(differences: differences, handler: handler).chunkedSync(chunkCap: 16)
      handled += await log.names
    }
    #expect(handled.sorted() == names.sorted())
  }
}

private actor HandledNames {
  private(set) var names: [String] = []

  func add(_ more: [String]) { names += more }
}
