import ArgumentParser
import Console
import SafeOutput
import SyncerSimulation

/// Writes a scenario to start from.
struct Init: WorkingCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a scenario to start from, with a comment in every part, and its schema.",
    discussion: "Nothing that exists is replaced. Scenarios/README.md has every key.")

  @Argument(
    help: "The file to write, or '-' to print it.", completion: .file(extensions: ["json"]))
  var file = "scenario.json"

  @Option(
    help: ArgumentHelp(
      "Take the items from this recording, instead of drawing some.", valueName: "file"),
    completion: .file(extensions: ["csv", "gz"]))
  var trace: String?

  func work() throws -> ExitCode {
    if file == "-" {
      try trace.map { try StarterScenario.check(trace: $0) }
      printOut(data: StarterScenario.json(name: "scenario", trace: trace))
      return .success
    }
    let written = try StarterScenario.write(to: file, trace: trace)
    let name = file.shellQuoted
    printOut(
      "Written: \(written.joined(separator: ", "))\nNext: \(CommandText.program) compare \(name); "
        + "\(CommandText.program) advise \(name)\n")
    return .success
  }
}
