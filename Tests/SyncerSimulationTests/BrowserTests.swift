import Foundation
import SyncerReports
import SyncerSimulation
import Testing

/// Debian's chromium in PATH, if it is there.
private let chromium: String? = {
  let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
  return folders.map { "\($0)/chromium" }
    .first { FileManager.default.isExecutableFile(atPath: $0) }
}()

/// The page in a real browser, where one is installed, without a window.
@Suite(.enabled(if: chromium != nil, "there is no chromium in PATH"))
struct BrowserTests {
  /// A page that shows the report in a frame of a width and writes down what it measures.
  private static func frame(width: Int) -> String {
    """
    <!DOCTYPE html><iframe id="f" style="width:\(width)px;height:900px;border:0"></iframe>
    <pre id="o"></pre><script>
    f.onload = () => {
      const page = f.contentDocument.documentElement;
      o.textContent = "measured " + page.scrollWidth + " of " + page.clientWidth + ", "
        + f.contentDocument.querySelectorAll("svg").length + " images";
    };
    f.src = "report/report.html";
    </script>
    """
  }

  private func open(
    _ file: String, in folder: TemporaryFolder
  ) throws -> (page: String, messages: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    // A browser that hangs must not hang the tests. Root has no sandbox.
    process.arguments =
      ["timeout", "60", try #require(chromium), "--headless", "--disable-gpu"]
      + (geteuid() == 0 ? ["--no-sandbox"] : [])
      + [
        "--user-data-dir=\(folder["profile"])", "--allow-file-access-from-files",
        "--enable-logging=stderr", "--v=0", "--virtual-time-budget=5000", "--dump-dom",
        "file://\(folder[file])",
      ]
    process.standardOutput = try FileHandle(
      forWritingTo: URL(filePath: try folder.file("page.txt", "")))
    process.standardError = try FileHandle(
      forWritingTo: URL(filePath: try folder.file("messages.txt", "")))
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return (try folder.text(of: "page.txt"), try folder.text(of: "messages.txt"))
  }

  @Test("no console message, no sideways scrolling on a screen or a phone, charts in place")
  func page() throws {
    let tool = try Co3simProcess()
    let outcome = try tool.run(
      "report", PackageRoot.file("Scenarios/fast-to-slow.json"), "--output", "report")
    try #require(outcome.code == 0, "\(outcome.error)")
    for width in [390, 1280] {
      _ = try tool.folder.file("frame.html", Self.frame(width: width))
      let (page, messages) = try open("frame.html", in: tool.folder)
      let measured = page.firstMatch(of: /measured (\d+) of (\d+), (\d+) images/)?.output
      let found = try #require(measured, "\(page)\n\(messages)")
      #expect(found.1 == found.2, "the page is \(found.1) wide in a window of \(found.2)")
      if Gnuplot() != nil { #expect(found.3 == "9") }
      let console = messages.split(separator: "\n").filter { $0.contains("CONSOLE") }
      #expect(console.isEmpty, "\(console)")
    }
  }
}
