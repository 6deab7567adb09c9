/// The classes seen, each counted once: what a class never seen is expected to be like.
struct ClassPool: Sendable {
  /// What an item of one class takes, in seconds.
  struct Member: Sendable {
    /// Handling and processing.
    var item: Double
    /// Processing alone, and the variance of what is believed of it.
    var processing: Double
    var doubt: Double
  }

  private var items = CostHistogram()
  private var sum = 0.0
  private var squares = 0.0
  private var doubts = 0.0

  /// How many classes were seen.
  private var count: Double { items.weight }

  /// Replaces what is held of a class.
  mutating func replace(_ before: Member?, by member: Member) {
    if let before { add(before, weight: -1) }
    add(member, weight: 1)
  }

  private mutating func add(_ member: Member, weight: Double) {
    items.add(member.item, weight: weight)
    sum += weight * member.processing
    squares += weight * member.processing * member.processing
    doubts += weight * member.doubt
  }

  /// What the next class never seen is expected to be like.
  var newcomer: ClassBeliefs.Newcomer {
    ClassBeliefs.Newcomer(
      items: items, novelty: DeadlineConstants.noveltyWeight / (count + 1), processing: prior)
  }

  private var prior: ProcessingBelief.Prior {
    var prior = ProcessingBelief.Prior()
    guard count > 0 else { return prior }
    prior.mean = max(0, sum / count)
    prior.meanSquare = max(0, (squares + doubts) / count)
    let assumed = DeadlineConstants.assumedClasses
    prior.hiddenShare *= (assumed / (assumed + count)).squareRoot()
    if prior.mean > 0 {
      // Where the classes seen are alike, one item of a new one tells more of the others.
      let spread = max(0, squares / count) / (prior.mean * prior.mean)
      prior.firstDoubt = min(
        prior.firstDoubt, (assumed * prior.firstDoubt + count * spread) / (assumed + count))
    }
    return prior
  }
}
