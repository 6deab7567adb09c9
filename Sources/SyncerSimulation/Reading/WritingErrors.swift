internal import Foundation
package import SafeOutput

extension ScenarioError {
  /// What could not be written.
  package init(_ error: WriteError) {
    self.init(file: error.path, rule: error.rule, remedy: error.remedy)
  }

  /// What could not be written, whoever says so.
  package init(writing path: String, _ error: any Error) {
    switch error {
    case let error as ScenarioError: self = error
    case let error as WriteError: self.init(error)
    default:
      self.init(
        file: path, rule: "cannot be written (\((error as NSError).localizedDescription))",
        remedy: "choose another folder with --output, or make room")
    }
  }
}
