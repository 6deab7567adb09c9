/// The costs of classes that a sync has learned, to keep for the next sync.
///
/// ```swift
/// let syncer = Syncer(
///   differ: differ, handler: handler, scheduler: DeadlineScheduler(learned: kept))
/// let report = try await syncer.chunkedSync(chunkTime: .seconds(5))
/// kept = report.learned
/// ```
///
/// They are a starting point: the first chunk finds out how fast everything is now. A class is
/// identified by its name and forgotten after twenty syncs without it. At most a thousand classes
/// are kept, those met last. A class takes about a hundred bytes as JSON.
public struct LearnedCosts: Sendable, Equatable {
  /// The version of the encoded format, and the newest that can be decoded.
  public static let version = 1

  /// What is known of the classes, by name.
  var classes: [String: LearnedClass] = [:]
  /// The fixed time of a chunk, in seconds.
  var overhead = ShortNumber(0)

  /// Creates a value without any class.
  public init() {}

  /// The number of known classes.
  public var classCount: Int { classes.count }

  /// Ages the costs: the longer ago they were learned, the less certain they are.
  public mutating func age(by time: Duration) {
    let days = max(0, time.inSeconds) / 86_400
    classes = classes.mapValues { known in
      var known = known
      known.days = ShortNumber(known.days.value + days)
      return known
    }
  }

  /// Keeps the classes met in the latest syncs, by name where as many are as old.
  mutating func limit() {
    classes = classes.filter { $0.value.runs <= DeadlineConstants.rememberedRuns }
    let most = DeadlineConstants.rememberedClasses
    guard classes.count > most else { return }
    let kept = classes.sorted { ($0.value.runs, $0.key) < ($1.value.runs, $1.key) }.prefix(most)
    classes = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
  }
}

/// What is known of one class.
struct LearnedClass: Sendable, Equatable {
  /// Seconds per unit by octave, with the octave's share in thousandths.
  var handling: [ShortHistogram.Octave] = []
  var completions: [ShortHistogram.Octave] = []
  /// Seconds of processing per unit that only show in a chunk's sum, and their squared variation.
  var processing = ShortNumber(0)
  var scatter = ShortNumber(0)
  /// Units of an item, and those that its processing goes by.
  var units = ShortNumber(1)
  var work = ShortNumber(1)
  /// Syncs and days since it was met.
  var runs = 0
  var days = ShortNumber(0)

  /// Whether items can have cost this: a century at most each, in units whose squares are numbers.
  var isPossible: Bool {
    let numbers = 1e-100...1e100
    let longest = (handling + completions).reduce(0) { max($0, $1.seconds.value) }
    let seconds = longest * units.value + processing.value * work.value
    return numbers.contains(units.value) && numbers.contains(work.value)
      && max(longest, processing.value) <= numbers.upperBound
      && seconds <= DurationText.limitSeconds && scatter.value <= 1e12
  }

  /// How much the mean is doubted, relative to itself.
  var doubt: Double {
    min(
      1,
      DeadlineConstants.rememberedDoubt + DeadlineConstants.doubtPerRun * Double(runs)
        + DeadlineConstants.doubtPerDay * days.value)
  }
}

/// A number of zero or more with three digits: its logarithm to the base of 2, in steps of a thousandth
/// of an octave's width.
struct ShortNumber: Sendable, Equatable {
  /// 0 for zero, and otherwise (exponent + 2000) * 1000 + thousandths.
  private(set) var code: Int

  init(_ value: Double) {
    guard value.isFinite, value.isNormal, value > 0 else {
      code = 0
      return
    }
    code = (Int(value.exponent) + 2000) * 1000 + Int(((value.significand - 1) * 1000).rounded())
  }

  /// The number that a code stands for; nil for no code.
  init?(code: Int) {
    guard code == 0 || (978_000...3_023_999).contains(code) else { return nil }
    self.code = code
  }

  var value: Double {
    if code == 0 { return 0 }
    return Double(
      sign: .plus, exponent: code / 1000 - 2000, significand: 1 + Double(code % 1000) / 1000)
  }
}

/// A `CostHistogram` in few digits.
enum ShortHistogram {
  struct Octave: Sendable, Equatable {
    var seconds: ShortNumber
    /// The share of all units, in thousandths, at least 1.
    var share: Int
  }

  static func octaves(of histogram: CostHistogram) -> [Octave] {
    guard histogram.weight > 0 else { return [] }
    return histogram.octaves.sorted { $0.exponent < $1.exponent }
      .filter { $0.weight > 0 }
      .map { octave in
        let share = (1000 * octave.weight / histogram.weight).rounded()
        return Octave(
          seconds: ShortNumber(octave.mean), share: clampedInt(share, to: 1...1000))
      }
  }

  static func histogram(of octaves: [Octave], weight: Double) -> CostHistogram {
    var histogram = CostHistogram()
    let sum = Double(octaves.reduce(0) { $0 + $1.share })
    for octave in octaves {
      histogram.add(octave.seconds.value, weight: weight * Double(octave.share) / sum)
    }
    return histogram
  }
}

// MARK: - Coding

extension LearnedCosts: Codable {
  private enum CodingKeys: String, CodingKey {
    case version, overhead, classes
  }

  /// Decodes learned costs.
  ///
  /// - Throws: `DecodingError` for data of a newer version or of another format.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let version = try container.decode(Int.self, forKey: .version)
    guard (1...Self.version).contains(version) else {
      throw DecodingError.dataCorruptedError(
        forKey: .version, in: container,
        debugDescription: "What was learned has the version \(version), and this program knows "
          + "\(Self.version); it learns anew.")
    }
    overhead = try container.decode(ShortNumber.self, forKey: .overhead)
    guard overhead.value <= DurationText.limitSeconds else {
      throw DecodingError.dataCorruptedError(
        forKey: .overhead, in: container, debugDescription: "No chunk takes more than a century.")
    }
    classes = try container.decode([String: LearnedClass].self, forKey: .classes)
    limit()
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(Self.version, forKey: .version)
    try container.encode(overhead, forKey: .overhead)
    try container.encode(classes, forKey: .classes)
  }
}

extension ShortNumber: Codable {
  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let number = ShortNumber(code: try container.decode(Int.self)) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "No number is written like this.")
    }
    self = number
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(code)
  }
}

extension LearnedClass: Codable {
  private enum CodingKeys: String, CodingKey {
    case handling = "h"
    case completions = "c"
    case processing = "p"
    case scatter = "s"
    case units = "u"
    case work = "w"
    case runs = "r"
    case days = "d"
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func octaves(_ key: CodingKeys) throws -> [ShortHistogram.Octave] {
      let numbers = try container.decodeIfPresent([Int].self, forKey: key) ?? []
      guard numbers.count % 2 == 0, numbers.count <= 4096 else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: container, debugDescription: "Costs come with their shares.")
      }
      return try stride(from: 0, to: numbers.count, by: 2).map { index in
        guard let seconds = ShortNumber(code: numbers[index]),
          (1...1000).contains(numbers[index + 1])
        else {
          throw DecodingError.dataCorruptedError(
            forKey: key, in: container, debugDescription: "No cost is written like this.")
        }
        return ShortHistogram.Octave(seconds: seconds, share: numbers[index + 1])
      }
    }
    func number(_ key: CodingKeys, else standard: Double = 0) throws -> ShortNumber {
      try container.decodeIfPresent(ShortNumber.self, forKey: key) ?? ShortNumber(standard)
    }
    handling = try octaves(.handling)
    completions = try octaves(.completions)
    processing = try number(.processing)
    scatter = try number(.scatter)
    units = try number(.units, else: 1)
    work = try number(.work, else: 1)
    runs = try container.decodeIfPresent(Int.self, forKey: .runs) ?? 0
    days = try number(.days)
    guard runs >= 0, isPossible else {
      throw DecodingError.dataCorruptedError(
        forKey: .runs, in: container,
        debugDescription: "Syncs are not below zero, and no item costs more than a century.")
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    func encode(_ octaves: [ShortHistogram.Octave], _ key: CodingKeys) throws {
      if octaves.isEmpty { return }
      try container.encode(octaves.flatMap { [$0.seconds.code, $0.share] }, forKey: key)
    }
    func encode(_ number: ShortNumber, _ key: CodingKeys, unless standard: Double = 0) throws {
      if number != ShortNumber(standard) { try container.encode(number, forKey: key) }
    }
    try encode(handling, .handling)
    try encode(completions, .completions)
    try encode(processing, .processing)
    try encode(scatter, .scatter)
    try encode(units, .units, unless: 1)
    try encode(work, .work, unless: 1)
    if runs > 0 { try container.encode(runs, forKey: .runs) }
    try encode(days, .days)
  }
}
