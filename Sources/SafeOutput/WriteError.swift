internal import Foundation

/// Why something could not be written: a sentence that names the file, the rule and the remedy.
package struct WriteError: Error, Equatable, CustomStringConvertible {
  /// The file or folder, as it was named.
  package var path: String
  /// The rule that is broken, as the rest of a sentence about the path.
  package var rule: String
  /// What to do about it.
  package var remedy: String

  package init(path: String, rule: String, remedy: String) {
    self.path = path
    self.rule = rule
    self.remedy = remedy
  }

  /// What to do where the caller knows of no other option that names the place.
  static let standardRemedy = "choose another file with --output"

  /// What the system said last about a path that cannot be written.
  init(_ path: String, code: Int32 = errno, remedy: String = standardRemedy) {
    self.init(
      path: path, rule: "cannot be written (\(String(cString: strerror(code))))",
      remedy: "\(remedy), or make room")
  }

  package var description: String { "\(path) \(rule); \(remedy).".visible }
}
