public import Syncer

/// A scheduler that scenarios can name.
public struct SchedulerKind: Sendable {
  /// The name in scenarios and on the command line.
  public let name: String
  /// What it does, in a line.
  public let summary: String
  /// What can be set.
  public let parameters: [SchedulerParameter]
  /// An older name that is understood, too.
  public let alias: String?
  /// Whether it knows what a scheduler has to learn, so that others are measured by it and it wins
  /// nothing.
  public var isBound: Bool { foresight != .nothing }
  /// The type of the library `Syncer` that it is; nil for what only the simulator has.
  public var libraryType: String? {
    switch name {
    case Self.deadline.name: "DeadlineScheduler"
    case Self.movingAverage.name: "MovingAverageScheduler"
    case Self.fixed.name: "FixedScheduler"
    default: nil
    }
  }
  /// What it knows from the start.
  let foresight: Foresight
  /// What a scheduler knows before the first chunk.
  enum Foresight: Sendable {
    /// Nothing: it has to learn.
    case nothing
    /// What the items of every class cost, but not which item costs what.
    case classes
    /// Every cost, and the load to come.
    case everything
  }

  let make: @Sendable (ParameterValues) -> any ChunkScheduler

  init(
    name: String, summary: String, parameters: [SchedulerParameter], alias: String? = nil,
    foresight: Foresight = .nothing,
    make: @escaping @Sendable (ParameterValues) -> any ChunkScheduler
  ) {
    self.name = name
    self.summary = summary
    self.parameters = parameters
    self.alias = alias
    self.foresight = foresight
    self.make = make
  }

  /// The kind of that name, or of that older name.
  public static func named(_ name: String) -> SchedulerKind? {
    all.first { $0.name == name || $0.alias == name }
  }

  /// The names that are understood.
  static var names: [String] { all.map(\.name) + all.compactMap(\.alias) }

  /// A lower bound among the parameters must not exceed its upper bound, defaults included.
  func checkBounds(_ values: [String: Double], _ fields: ScenarioObject) throws(ScenarioError) {
    for (low, high) in [("minSize", "maxSize"), ("minDuration", "maxDuration")] {
      let names = parameters.map(\.name)
      guard names.contains(low), names.contains(high) else { continue }
      let given = ParameterValues(values: values, parameters: parameters)
      guard let least = given.optional(low), let most = given.optional(high), least > most else {
        continue
      }
      throw fields.node(values[high] == nil ? low : high).error(
        "makes \(low) larger than \(high), defaults included", "give both, the smaller first")
    }
  }

  /// Makes a scheduler; parameters left out have their defaults.
  public func scheduler(_ parameters: [String: Double] = [:]) -> any ChunkScheduler {
    make(ParameterValues(values: parameters, parameters: self.parameters))
  }
}

/// A number that tunes a scheduler.
public struct SchedulerParameter: Sendable, Equatable, CustomStringConvertible {
  /// What kind of number it is.
  public enum Unit: Sendable, Equatable {
    /// A real number.
    case real
    /// A whole number.
    case whole
    /// A duration, written as text in scenarios and in seconds here.
    case duration
  }

  /// The name in scenarios.
  public let name: String
  /// What kind of number it is.
  public let unit: Unit
  /// The values it accepts.
  public let range: ClosedRange<Double>
  /// The value where it is left out; nil where leaving it out means something else.
  public let standard: Double?
  /// What it does, in a line.
  public let summary: String

  /// Makes a parameter.
  public init(
    _ name: String, _ unit: Unit, in range: ClosedRange<Double>, default standard: Double?,
    _ summary: String
  ) {
    self.name = name
    self.unit = unit
    self.range = range
    self.standard = standard
    self.summary = summary
  }

  public var description: String {
    let fallback = standard.map { ", default \(text($0))" } ?? ""
    return "\(name): \(summary) (\(rangeText)\(fallback))"
  }

  var rangeText: String { "from \(text(range.lowerBound)) to \(text(range.upperBound))" }

  /// A value as people write it.
  public func text(_ value: Double) -> String {
    switch unit {
    case .real: "\(value)"
    case .whole: "\(Int(value))"
    case .duration: DurationText.text(value)
    }
  }

  func read(_ node: ScenarioNode) throws(ScenarioError) -> Double {
    let value: Double
    switch unit {
    case .real: value = try node.number()
    case .whole: value = Double(try node.whole(Int(range.lowerBound)...Int(range.upperBound)))
    case .duration: value = try node.duration()
    }
    if !range.contains(value) {
      return try node.noted(
        node.error("must lie \(rangeText), but it is \(text(value))", "choose such a value"),
        range.lowerBound)
    }
    return value
  }
}

/// The values of a scheduler's parameters, with defaults filled in.
struct ParameterValues {
  let values: [String: Double]
  let parameters: [SchedulerParameter]

  /// The value of a parameter that has a default.
  func real(_ name: String) -> Double {
    guard let value = optional(name) else {
      preconditionFailure("The parameter \"\(name)\" has no default and was not given.")
    }
    return value
  }

  func whole(_ name: String) -> Int { Int(real(name)) }

  func optional(_ name: String) -> Double? {
    guard let parameter = parameters.first(where: { $0.name == name }) else {
      preconditionFailure("There is no parameter \"\(name)\".")
    }
    return values[name] ?? parameter.standard
  }

  func optionalWhole(_ name: String) -> Int? { optional(name).map { Int($0) } }
}

extension SchedulerKind {
  /// Every kind, the default first.
  public static let all: [SchedulerKind] =
    [
      deadline, movingAverage, fixed, informed, optimal,
    ] + rivals

  /// The largest size a parameter may name.
  static let sizes = 1.0...1e9

  private static let overrun = SchedulerParameter(
    "overrun", .real, in: 0.01...100, default: 1,
    "the weight of the squared excess beside the squared shortfall")

  private static let limit = SchedulerParameter(
    "limit", .real, in: 0.1...1000, default: nil,
    "targets that a chunk must not exceed; none unless given")

  static let deadline = SchedulerKind(
    name: "deadline",
    summary: "takes an item if that brings the chunk nearer to its target",
    parameters: [
      overrun,
      SchedulerParameter(
        "memory", .real, in: 1...1e6, default: 20, "chunks that handling times are remembered for"),
      limit,
    ]
  ) { values in
    DeadlineScheduler(
      overrun: values.real("overrun"), memory: values.real("memory"),
      limit: values.optional("limit"))
  }

  static let movingAverage = SchedulerKind(
    name: "moving-average",
    summary: "the rule of co3 0.6.3: an exponential moving average of sizes",
    parameters: [
      SchedulerParameter(
        "smoothing", .real, in: 0.001...1, default: 0.5, "the weight of the newest chunk"),
      SchedulerParameter(
        "firstSize", .whole, in: sizes, default: nil,
        "the first chunk; one item per second of target unless given"),
    ]
  ) { values in
    MovingAverageScheduler(
      smoothing: values.real("smoothing"), firstSize: values.optionalWhole("firstSize"))
  }

  static let fixed = SchedulerKind(
    name: "fixed", summary: "the same number of items in every chunk",
    parameters: [
      SchedulerParameter("size", .whole, in: sizes, default: 1000, "items per chunk")
    ]
  ) { values in
    FixedScheduler(size: values.whole("size"))
  }

  static let informed = SchedulerKind(
    name: "informed", summary: "deadline with the mean cost of every class known",
    parameters: [overrun, limit], foresight: .classes, make: madeBySimulation)

  static let optimal = SchedulerKind(
    name: "optimal", summary: "the best chunks, knowing every cost and the load to come",
    parameters: [], alias: "oracle", foresight: .everything, make: madeBySimulation)

  /// What they know they get from the simulation, which makes them itself.
  private static let madeBySimulation: @Sendable (ParameterValues) -> any ChunkScheduler = { _ in
    preconditionFailure("What knows costs is made by the simulation that has them.")
  }
}
