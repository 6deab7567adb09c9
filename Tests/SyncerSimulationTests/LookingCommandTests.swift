import Foundation
import SyncerSimulation
import Testing

/// The commands for people who look rather than read, and tune.
@Suite(.serialized) struct LookingCommandTests {
  private let tool: Co3simProcess

  init() throws {
    tool = try Co3simProcess()
  }

  /// Runs the tool where no other program can be found.
  private func runAlone(_ arguments: String...) throws -> Co3simProcess.Outcome {
    let process = try tool.process(arguments)
    process.environment = ["PATH": tool.folder.path]
    try process.run()
    return try tool.outcome(of: process)
  }

  @Test("report writes one page beside the CSV files and names it")
  func report() throws {
    let outcome = try tool.run("report", try tool.scenario(), "--seed", "7")
    #expect(outcome.code == 0, "\(outcome.error)")
    #expect(outcome.out == "Written: Reports/small/report.html\n")
    let names = try tool.folder.names(in: "Reports/small")
    for name in ["chunks.csv", "summary.csv", "statistics.csv", "duration.gp", "report.html"] {
      #expect(names.contains(name), "\(names)")
    }
    let page = try tool.folder.text(of: "Reports/small/report.html")
    #expect(page.contains("co3sim report "))
    #expect(page.contains("--seed 7</pre>"))
    #expect(page.contains("seed 7, one replication"))
  }

  @Test("several scenarios share a page, each with a folder of its own")
  func severalScenarios() throws {
    let outcome = try tool.run(
      "report", try tool.scenario(), try tool.scenario(name: "other"), "--output", "out", "--quiet")
    #expect(outcome.code == 0, "\(outcome.error)")
    #expect(outcome.out == "out/report.html\n")
    let page = try tool.folder.text(of: "out/report.html")
    #expect(page.contains("<a href=\"#scenario-1\">small</a>"))
    #expect(page.contains("id=\"scenario-2\""))
    #expect(tool.folder.exists("out/other/chunks.csv"))
  }

  @Test("without gnuplot the page, the CSV files and the scripts are there, and one line says how")
  func withoutGnuplot() throws {
    let outcome = try runAlone("report", try tool.scenario(), try tool.scenario(name: "other"))
    #expect(outcome.code == 0)
    let lines = outcome.error.split(separator: "\n")
    #expect(lines.count == 1, "\(outcome.error)")
    #expect(outcome.error.contains("apt-get install gnuplot-nox"))
    #expect(tool.folder.exists("Reports/report.html"))
    #expect(tool.folder.exists("Reports/small/duration.gp"))
    #expect(tool.folder.exists("Reports/other/chunks.csv"))
    let plot = try runAlone("run", try tool.scenario(), "--plot", "--output", "plotted")
    #expect(plot.code == 0)
    #expect(plot.error.contains("gnuplot"))
    #expect(tool.folder.exists("plotted/tradeoff.gp"))
  }

  @Test("--chart draws every scheduler's chunks in plain text below the table")
  func chart() throws {
    let outcome = try tool.run(try tool.scenario(), "--chart")
    #expect(outcome.code == 0)
    for part in ["target 2.00 s", "moving-average: ", "deadline: ", "━", "└"] {
      #expect(outcome.out.contains(part), "\(outcome.out)")
    }
    #expect(!outcome.out.contains("\u{1B}"), "no colour outside a terminal")
    let lines = outcome.out.split(separator: "\n").filter { $0.contains("│") || $0.contains("┤") }
    #expect(lines.allSatisfy { $0.count <= 80 })
    let refused = try tool.run(try tool.scenario(), "--chart", "--output", "-")
    #expect(refused.code == 64)
  }

  @Test("--precision adds replications and says what was reached")
  func precision() throws {
    let outcome = try tool.run(
      "compare", try tool.scenario(), "--precision", "20%", "--metric", "makespan_s")
    #expect(outcome.code == 0, "\(outcome.error)")
    #expect(outcome.out.contains("Precision ±20.0 % of the means of makespan_s: reached"))
    #expect(outcome.out.contains("± 95 %"))
    let json = try tool.run(
      "compare", try tool.scenario(), "--replications", "3", "--metric", "all", "--format", "json")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [String: Any])
    let statistics = try #require(object["statistics"] as? [[String: Any]])
    #expect(statistics.contains { $0["metric"] as? String == "chunks" })
    #expect(statistics.contains { $0["difference"] != nil })
    for arguments in [["--precision", "none"], ["--precision", "2%", "--max-replications", "1"]] {
      #expect(try tool.run(["compare", try tool.scenario()] + arguments).code == 64)
    }
    let unknown = try tool.run("compare", try tool.scenario(), "--metric", "overshot")
    #expect(unknown.code == 1)
    #expect(unknown.error.contains("did you mean \"overshoot\""))
  }

  @Test("tune prints the tuning as a scenario that can be run, and as Swift")
  func tune() throws {
    let arguments = [
      "tune", try tool.scenario(), "--scheduler", "fixed", "--over",
      "size=1...1000", "--objective", "waste+work_at_risk", "--evaluations", "24",
      "--replications", "2", "--held-out-replications", "20",
    ]
    let outcome = try tool.run(arguments)
    #expect(outcome.code == 0, "\(outcome.error)")
    for part in [
      "small, trained on", "3/1...2", "small, not seen", "3/3...22", "On seeds it has not",
    ] {
      #expect(outcome.out.contains(part), "\(outcome.out)")
    }
    #expect(outcome.out.contains("FixedScheduler(size: "))
    let entry = try #require(
      outcome.out.split(separator: "\n").first { $0.contains("{ \"fixed\"") })
    let tuned = try tool.scenario(name: "tuned", schedulers: "[\(entry)]")
    let run = try tool.run(tuned)
    #expect(run.code == 0, "\(run.error)")
    #expect(run.out.contains("fixed-tuned"))
    let wrong = try tool.run(
      "tune", try tool.scenario(), "--over", "overun=0.5...2", "--objective", "chunks")
    #expect(wrong.code == 1)
    #expect(wrong.error.contains("did you mean \"overrun\""))
    #expect(wrong.error.split(separator: "\n").count == 1)
  }
}
