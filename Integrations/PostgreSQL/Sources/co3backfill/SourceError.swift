/// What is wrong with a source: one line that names it, the rule and the remedy.
struct SourceError: Error, Equatable, CustomStringConvertible {
  var source: String
  var rule: String
  var remedy: String

  var description: String { "\(source) \(rule); \(remedy)." }
}
