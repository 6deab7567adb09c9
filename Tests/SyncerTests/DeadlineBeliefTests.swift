import Testing

@testable import Syncer

/// What each belief makes of what it is told; each test fails when its update is taken out.
struct DeadlineBeliefTests {
  private static func part(_ classIndex: Int, _ count: Int) -> ProcessingBelief.Part {
    let count = Double(count)
    return ProcessingBelief.Part(
      classIndex: classIndex, count: count, units: count, squaredUnits: count)
  }

  /// A belief after chunks of the given classes and counts, at true rates and a true overhead.
  private static func belief(
    rates: [Double], overhead: Double, chunks: [[Int]], target: Double = 10
  ) -> ProcessingBelief {
    var belief = ProcessingBelief()
    for counts in chunks {
      let parts = counts.enumerated().filter { $0.element > 0 }.map { part($0.offset, $0.element) }
      let seconds = zip(counts, rates).reduce(overhead) { $0 + Double($1.0) * $1.1 }
      belief.learn(
        parts,
        of: .init(seconds: seconds, count: counts.reduce(0, +), prior: .init(), target: target))
    }
    return belief
  }

  @Test("octaves keep the mean exactly and forget a share of every weight")
  func histogram() {
    var histogram = CostHistogram()
    for seconds in [0, 0.75, 1, 1.5, 4, 5] { histogram.add(seconds) }
    #expect(abs(histogram.mean - 12.25 / 6) < 1e-12)
    #expect(histogram.octaves.count == 4, "nothing, a half to one, one to two, four to eight")
    #expect(histogram.highest == 4.5)
    histogram.fade(to: 0.5)
    #expect(histogram.weight == 3)
    #expect(abs(histogram.mean - 12.25 / 6) < 1e-12)
    histogram.add(10, weight: 3)
    #expect(abs(histogram.mean - (6.125 + 30) / 6) < 1e-12, "the new counts twice as much now")
  }

  @Test("what is taken back leaves nothing")
  func takenBack() {
    var histogram = CostHistogram()
    histogram.add(3)
    histogram.add(3, weight: -1)
    #expect(histogram.weight == 0 && histogram.mean == 0 && histogram.highest == 0)
    #expect(histogram.doubt == 0)
  }

  @Test("an overhead and a rate are told apart by chunks of different sizes")
  func overheadAndRate() {
    let belief = Self.belief(
      rates: [0.1], overhead: 1, chunks: [[1], [10], [40], [80], [60], [90]])
    #expect(abs(belief.overhead - 1) < 0.2, "\(belief.overhead)")
    #expect(abs(belief[0].mean - 0.1) < 0.01, "\(belief[0].mean)")
  }

  @Test("an overhead that changes is followed", arguments: [(1, 0.2), (0.2, 1)])
  func overheadChanges(first: Double, later: Double) {
    let counts = (0..<100).map { 10 + ($0 * 37) % 80 }
    var belief = Self.belief(rates: [0.1], overhead: first, chunks: counts.map { [$0] })
    for count in counts + counts.prefix(60) {
      belief.learn(
        [Self.part(0, count)],
        of: .init(
          seconds: later + 0.1 * Double(count), count: count, prior: .init(), target: 10))
    }
    #expect(abs(belief.overhead / later - 1) < 0.1, "\(belief.overhead)")
    #expect(abs(belief[0].mean - 0.1) < 0.002, "\(belief[0].mean)")
  }

  @Test("chunks that take the same whatever their size are overhead")
  func allOverhead() {
    let belief = Self.belief(
      rates: [0], overhead: 0.05, chunks: [[1], [10], [100], [1000], [5000]])
    #expect(abs(belief.overhead - 0.05) < 0.001)
    #expect(belief[0].mean * 5000 < 0.001, "no phantom cost: \(belief[0].mean)")
  }

  @Test("two classes that come in different proportions are told apart")
  func twoClasses() {
    let chunks = [
      [5, 0], [0, 1], [20, 1], [10, 3], [40, 0], [5, 4], [30, 2], [10, 4], [50, 1],
    ]
    let belief = Self.belief(rates: [0.1, 2], overhead: 0, chunks: chunks)
    #expect(abs(belief[0].mean / 0.1 - 1) < 0.3, "\(belief[0].mean)")
    #expect(abs(belief[1].mean / 2 - 1) < 0.15, "\(belief[1].mean)")
  }

  @Test("a surprise is blamed on the class that was never seen")
  func blamesTheNew() {
    var belief = Self.belief(rates: [0.1], overhead: 0, chunks: [[10], [50], [90], [95]])
    let before = belief[0].mean
    belief.learn(
      [Self.part(0, 50), Self.part(1, 1)],
      of: .init(seconds: 13, count: 51, prior: .init(), target: 10))
    #expect(abs(belief[0].mean / before - 1) < 0.1)
    #expect(abs(belief[1].mean - 8) < 0.5, "\(belief[1].mean)")
  }

  @Test("what a new class may have hidden among known ones makes its mean doubtful")
  func hidden() {
    var belief = Self.belief(rates: [0.1], overhead: 0, chunks: [[1], [10]])
    // Those known were expected to take all of it, and are doubted: the new one may have a part.
    belief.learn(
      [Self.part(0, 50), Self.part(1, 1)],
      of: .init(seconds: 5, count: 51, prior: .init(), target: 10))
    #expect(abs(belief[1].doubt.squareRoot() - 1.6) < 0.1, "\(belief[1].doubt.squareRoot())")
  }

  @Test("beside another, a class falls by half at most")
  func fallsByHalf() {
    var belief = Self.belief(
      rates: [0.1, 3], overhead: 0, chunks: [[10, 0], [50, 0], [90, 0], [50, 1]])
    let before = belief[1].mean
    belief.learn(
      [Self.part(0, 50), Self.part(1, 1)],
      of: .init(seconds: 5.2, count: 51, prior: .init(), target: 10))
    #expect(abs(belief[1].mean / before - 0.5) < 1e-9, "\(before) -> \(belief[1].mean)")
  }

  @Test("doubt: one item says little, a hundred say much")
  func doubtFalls() {
    let few = Self.belief(rates: [1], overhead: 0, chunks: [[1]])
    let many = Self.belief(rates: [1], overhead: 0, chunks: [[1], [3], [8], [9], [10], [9]])
    #expect(few[0].doubt.squareRoot() > 3 * few[0].mean, "four times the first item")
    #expect(many[0].doubt.squareRoot() < 0.4 * many[0].mean)
  }

  @Test("drift: a rate that rises fivefold is followed within ten chunks")
  func followsChanges() {
    var belief = Self.belief(
      rates: [0.1], overhead: 0, chunks: Array(repeating: [100], count: 40))
    for _ in 0..<10 {
      belief.learn(
        [Self.part(0, 40)], of: .init(seconds: 20, count: 40, prior: .init(), target: 10))
    }
    let expected = belief.overhead + 40 * belief[0].mean
    #expect(abs(expected - 20) < 0.5, "\(expected) s for a chunk of 20 s")
    #expect(belief[0].mean > 0.35, "the class has changed, not the overhead: \(belief.overhead)")
  }

  @Test("a stall of eight hours costs a few chunks: it may teach ten targets", arguments: [1, 100])
  func stall(count: Int) {
    var belief = Self.belief(
      rates: [0.1], overhead: 1, chunks: [[1], [10], [40], [80], [60], [90], [85], [90]])
    let before = belief[0].mean
    belief.learn(
      [Self.part(0, 90)], of: .init(seconds: 28_800, count: 90, prior: .init(), target: 10))
    #expect(belief[0].mean < 15 * before, "\(belief[0].mean)")
    for _ in 0..<4 {
      let size = max(1, Int(9 / max(0.1, belief[0].mean)))
      belief.learn(
        [Self.part(0, size)],
        of: .init(seconds: 1 + 0.1 * Double(size), count: size, prior: .init(), target: 10))
    }
    #expect(belief[0].mean < 1.7 * before, "\(belief[0].mean) after four chunks")
  }

  @Test("streaks: what a class took long ago is doubted still")
  func streaks() {
    var belief = Self.belief(
      rates: [1], overhead: 0, chunks: Array(repeating: [10], count: 100))
    #expect(abs(belief[0].fullDoubt - belief[0].doubt - 0.05) < 0.005)
    for _ in 0..<100 {
      belief.learn(
        [Self.part(0, 10)], of: .init(seconds: 0.1, count: 10, prior: .init(), target: 10))
    }
    let past = ((belief[0].fullDoubt - belief[0].doubt) / 0.05).squareRoot()
    #expect(abs(past - 0.14) < 0.03, "a seventh of long ago: \(past)")
  }

  @Test("many classes that always come together are known as a sum")
  func manyClasses() {
    var belief = ProcessingBelief()
    let parts = (0..<200).map { Self.part($0, 6) }
    for _ in 0..<3 {
      belief.learn(parts, of: .init(seconds: 0.3, count: 1200, prior: .init(), target: 1))
    }
    let doubt = (0..<200).reduce(0) { $0 + belief[$1].doubt * 36 }
    #expect(doubt.squareRoot() < 0.3, "the sum of 0.3 s is doubted by \(doubt.squareRoot())")
  }

  @Test("classes believed too dear together are corrected together, and that is no scatter")
  func wrongTogether() {
    var belief = ProcessingBelief()
    let prior = ProcessingBelief.Prior(mean: 1e-4, meanSquare: 1e-8)
    // Two hundred classes met at once, expected to take ten times what they do.
    let parts = (0..<200).map { Self.part($0, 20) }
    var errors: [Double] = []
    for _ in 0..<8 {
      let expected = (0..<200).reduce(belief.overhead) { $0 + belief[$1].mean * 20 }
      errors.append(expected / 0.04 - 1)
      belief.learn(parts, of: .init(seconds: 0.04, count: 4000, prior: prior, target: 1))
    }
    #expect(errors.dropFirst(3).allSatisfy { abs($0) < 0.3 }, "\(errors)")
    for _ in 0..<4 {
      belief.learn(parts, of: .init(seconds: 0.02, count: 4000, prior: prior, target: 1))
    }
    let expected = (0..<200).reduce(belief.overhead) { $0 + belief[$1].mean * 20 }
    #expect(abs(expected / 0.02 - 1) < 0.75, "all take half since four chunks: \(expected)")
  }

  @Test("where the classes seen are alike, the first item of a new one tells more")
  func alikeClasses() {
    func prior(_ processing: [Double]) -> ProcessingBelief.Prior {
      var pool = ClassPool()
      for seconds in processing {
        pool.replace(nil, by: .init(item: seconds, processing: seconds, doubt: 0))
      }
      return pool.newcomer.processing
    }
    let assumed = ProcessingBelief.Prior()
    #expect(prior([1]).firstDoubt < assumed.firstDoubt)
    #expect(prior(Array(repeating: 1, count: 100)).firstDoubt < 2)
    #expect(prior(Array(repeating: 1, count: 100)).hiddenShare < assumed.hiddenShare / 4)
    let unlike = prior(Array(repeating: 0.001, count: 99) + [1000])
    #expect(unlike.firstDoubt == assumed.firstDoubt, "one of a hundred costs a million times more")
  }

  @Test("two long single items alike call for a second item, and that one decides")
  func overheadTrial() {
    var belief = ProcessingBelief()
    belief.learn([Self.part(0, 1)], of: .init(seconds: 6, count: 1, prior: .init(), target: 5))
    #expect(!belief.wantsSecondItem)
    belief.learn([Self.part(0, 1)], of: .init(seconds: 6.01, count: 1, prior: .init(), target: 5))
    #expect(belief.wantsSecondItem)
    var items = belief
    belief.learn([Self.part(0, 2)], of: .init(seconds: 6.02, count: 2, prior: .init(), target: 5))
    #expect(abs(belief.overhead - 6) < 0.02, "\(belief.overhead)")
    items.learn([Self.part(0, 2)], of: .init(seconds: 12, count: 2, prior: .init(), target: 5))
    #expect(items.overhead < 0.1 && abs(items[0].mean - 6) < 0.1)
    #expect(!belief.wantsSecondItem && !items.wantsSecondItem)
  }

  @Test("the pool: the chance of something new falls with the classes seen")
  func pool() {
    var beliefs = ClassBeliefs()
    #expect(beliefs.newcomer.novelty == 0.2)
    for classIndex in 0..<9 {
      var sample = ClassSample(classIndex: classIndex)
      sample.handling.add(units: 1, seconds: 0.5)
      var laps = CostHistogram()
      laps.add(0.5)
      beliefs.learn(
        ChunkSample(
          count: 1, handleSeconds: 0.5, processSeconds: 0.01, targetSeconds: 5, classes: [sample]),
        handling: { _ in laps }, start: ChunkStart(targetSeconds: 5), newcomer: beliefs.newcomer,
        memory: 20)
    }
    #expect(abs(beliefs.newcomer.novelty - 0.02) < 1e-12)
    #expect(abs(beliefs.newcomer.items.mean - 0.5) < 0.02, "like those before")
    #expect(beliefs.forecast(8) != nil && beliefs.forecast(9) == nil)
  }
}
