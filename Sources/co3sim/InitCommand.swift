import ArgumentParser
import Console
import SafeOutput
import SyncerSimulation

/// Writes a scenario to start from.
struct Init: AsyncParsableCommand {
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

  func run() async throws {
    let command = self
    try await runToExit {
      if command.file == "-" {
        try command.trace.map { try StarterScenario.check(trace: $0) }
        printOut(data: StarterScenario.json(name: "scenario", trace: command.trace))
        return .success
      }
      let written = try StarterScenario.write(to: command.file, trace: command.trace)
      let name = command.file.shellQuoted
      printOut(
        "Written: \(written.joined(separator: ", "))\nNext: \(CommandText.program) compare \(name); "
          + "\(CommandText.program) advise \(name)\n")
      return .success
    }
  }
}
