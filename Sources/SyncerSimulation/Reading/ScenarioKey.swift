/// What a key of a scenario may hold.
indirect enum KeyType: Sendable {
  /// Any text, or one that a regular expression matches, which words describe.
  case text, pattern(String, words: String)
  /// A file, relative to the folder of the scenario.
  case path
  /// One of some texts.
  case name([String])
  case number(NumberRule)
  /// A whole number.
  case whole(ClosedRange<UInt64>)
  /// A duration of zero or more, or longer than zero.
  case duration, positiveDuration
  /// A time of day, or a duration since the start as well.
  case timeOfDay, moment
  case object(KeyGroup)
  /// The object of a group that contains this one, by name.
  case reference(String)
  /// A list of at least so many.
  case list(KeyType, atLeast: Int = 0)
  case either([KeyType])
  /// Also null, where null says something.
  case orNull(KeyType)
}

/// A key of a scenario: its name, what it may hold, and what it means.
struct ScenarioKey: Sendable {
  var name: String
  var type: KeyType
  var unit = ""
  /// What holds where it is left out, in words; nil where it must be there.
  var fallback: String?
  var meaning: String

  init(
    _ name: String, _ type: KeyType, unit: String = "", default fallback: String? = nil,
    _ meaning: String
  ) {
    (self.name, self.type, self.unit, self.fallback, self.meaning) =
      (name, type, unit, fallback, meaning)
  }
}

/// The keys that an object of a scenario may have: the one table that the decoder, the JSON Schema
/// and Scenarios/README.md are made of.
struct KeyGroup: Sendable {
  /// Keys that must be there, and keys that must not.
  struct Alternative: Sendable {
    var has: [String]
    var lacks: [String] = []
  }

  /// The name in the schema, and of its table in Scenarios/README.md.
  var name: String
  /// What the object is.
  var meaning: String
  /// The keys, in the order of the table.
  var keys: [ScenarioKey]
  /// Of these one must hold, if there are any.
  var alternatives: [Alternative] = []
  /// Exactly one of these must be there, if there are any; null counts as being there.
  var exactlyOne: [String] = []

  /// The names of the keys.
  var names: [String] { keys.map(\.name) }

  /// What a key is called that holds a note for readers, and is not read.
  static let comment = "$comment"

  /// Whether the object may have such a note.
  var isCommented: Bool {
    [
      "scenario", "sync", "workload", "phase", "mixedClass", "load", "loadWindow", "faults",
    ].contains(name)
  }

  /// A group of which exactly one key must be there.
  static func oneOf(_ name: String, _ meaning: String, _ keys: [ScenarioKey]) -> KeyGroup {
    KeyGroup(name: name, meaning: meaning, keys: keys, exactlyOne: keys.map(\.name))
  }
}
