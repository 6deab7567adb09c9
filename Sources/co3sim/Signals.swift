import ArgumentParser
import Foundation
import Synchronization

/// The signal that asked the process to stop, or 0.
private let stoppingSignal = Atomic<Int32>(0)

/// Writes text to standard output as it is.
func printOut(_ text: String) {
  FileHandle.standardOutput.write(Data(text.utf8))
}

/// Writes text to standard error as it is.
func printError(_ text: String) {
  FileHandle.standardError.write(Data(text.utf8))
}

/// Runs a command's work so that errors and signals end it the way scripts rely on.
///
/// A signal cancels the work, which then leaves no half-written file; a second one ends at once.
func runToExit(_ work: @escaping @Sendable () async throws -> ExitCode) async throws {
  let task = Task { try await work() }
  let signals = [SIGINT, SIGTERM].map { number in
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number)
    source.setEventHandler {
      if task.isCancelled { exit(128 + number) }
      stoppingSignal.store(number, ordering: .relaxed)
      task.cancel()
    }
    source.resume()
    return source
  }
  defer { signals.forEach { $0.cancel() } }
  do {
    let code = try await task.value
    if code != .success { throw code }
  } catch let code as ExitCode {
    throw code
  } catch {
    let number = stoppingSignal.load(ordering: .relaxed)
    if number != 0 { throw ExitCode(128 + number) }
    printError("co3sim: \(error)\n")
    throw ExitCode(1)
  }
}
