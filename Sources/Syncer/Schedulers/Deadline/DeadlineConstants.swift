/// The constants of `DeadlineScheduler`, each with its reason.
///
/// The article "How DeadlineScheduler decides" names the test that fails when one is wrong.
enum DeadlineConstants {
  /// The chance, times K + 1, that a class never seen is like nothing before, after K classes.
  ///
  /// The rule of succession, with a fifth of a pseudo-class. With a whole one, 464 file types cost 60
  /// chunks; with a tenth, the first slow item after fast ones makes a chunk of three targets.
  static let noveltyWeight = 0.2
  /// What such an item takes, in targets: enough to cost a chunk or two, whatever it is.
  static let noveltyTargets = 3.0
  /// What one chunk or one item may teach at most, in targets: a laptop that slept is no cost.
  static let outlierTargets = 10.0
  /// How many squared deviations one chunk may add to the scatter of a class: else a single stall
  /// makes the class look so irregular that nothing is learned for a hundred chunks.
  static let outlierDeviations = 4.0
  /// How far the mean of a class may move between two chunks, relative to itself.
  static let drift = 0.1
  /// How far the means of all classes may move together, relative to themselves: what made one class
  /// seem too costly made the others too.
  static let commonDrift = 0.15
  /// The same for classes met for the first time, which all were expected to be like the same pool.
  static let commonPriorDrift = 0.7
  /// How far the overhead may move, relative to the shortest processing seen.
  static let overheadDrift = 0.01
  /// How many deviations the overhead may move at once: a larger surprise is a class that changed.
  static let overheadDeviations = 2.0
  /// The overhead expected before the first chunk: at most this share of the target (its deviation).
  static let overheadShare = 0.18
  /// How much wider than the first chunk's processing that expectation may be: most of what a first
  /// chunk of one item spends is taken for overhead, where it is little beside the target.
  static let overheadFactor = 10.0
  /// The doubt of a mean that rests on one chunk, in squares of what an item took in it: costs that
  /// spread over decades, as those of compute jobs do, are often led by their first item this far
  /// astray.
  static let firstDoubt = 16.0
  /// The part of the doubt in known classes that a class met beside them may have hidden in.
  static let hiddenShare = 0.1
  /// How many classes must have been seen until they say as much about the next as the constants
  /// above: a hundred kinds of files that are alike make a hundred and first no riddle.
  static let assumedClasses = 4.0
  /// A class is not believed to cost less than this share of what it did after a chunk with others,
  /// unless all of them together took less.
  static let lowestFall = 0.5
  /// How much of what a class took on average long ago is doubted still, squared.
  ///
  /// Logs have streaks: hundreds of short jobs, then a long one.
  static let streakDoubt = 0.05
  /// What is left of that long memory after a chunk.
  static let streakMemory = 0.98
  /// The variance of how much slower everything may be than in the sync that costs are remembered
  /// from, in squares of it: a first chunk is then filled to a seventh, and where all takes ten times
  /// as long it is 1.4 targets.
  static let paceDoubt = 48.0
  /// The pace is known when its variance is below.
  static let paceKnown = 0.01
  /// What a deviation must exceed to say something of the pace, in targets.
  static let paceResolution = 0.01
  /// How many deviations, and what part of itself beside them, a pace may differ by that is none: a single
  /// long recording makes no slower machine.
  static let paceDeviations = 2.0
  static let paceTolerance = 0.1
  /// How far a remembered overhead may be off, relative to itself.
  static let rememberedOverhead = 0.3
  /// How many items what is remembered of handling counts as.
  static let rememberedWeight = 10.0
  /// How much the remembered mean of a class is doubted beside the pace, relative to itself, and how
  /// much more per sync without the class and per day.
  static let rememberedDoubt = 0.2
  static let doubtPerRun = 0.1
  static let doubtPerDay = 0.01
  /// How many syncs without a class it is remembered for, and how many classes are.
  static let rememberedRuns = 20
  static let rememberedClasses = 1000
  /// How many deviations of what processing takes are kept free where a budget must not be exceeded.
  static let budgetDeviations = 1.5
  /// By how much an item may take longer than the mean of its octave.
  static let budgetOctave = 1.5
  /// How likely an item must be to fit into a budget, whatever it saves.
  static let budgetChance = 0.95
  /// By how many of the differences of such chunks a further item may be off.
  static let trialDoubt = 10.0
  /// Two chunks of one item are alike where they differ by less, relative to each other.
  static let likeness = 0.25
}
