internal import Foundation
internal import SafeOutput
internal import Synchronization

/// The signal that asked the process to stop, or 0.
private let stoppingSignal = Atomic<Int32>(0)

/// Whether the process is about to end, whatever its work still says.
private let isEnding = Atomic<Bool>(false)

/// What the program is called, for its messages.
private var programName: String {
  CommandLine.arguments.first?.split(separator: "/").last.map(String.init) ?? "co3"
}

/// Writes text for people to standard output, with everything visible that a terminal would obey.
///
/// Where that cannot be done, the program ends.
public func printOut(_ text: String) { printOut(raw: text.visibleLines) }

/// Writes text for programs to standard output as it is, unless a terminal is there to obey it.
public func printOut(data text: String) {
  printOut(raw: isatty(STDOUT_FILENO) == 1 ? text.visibleLines : text)
}

/// Writes text to standard output as it is, escape sequences of our own and all.
public func printOut(raw text: String) {
  do {
    try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
  } catch {
    // Whoever read it has seen enough; the status is that of a process that the signal ended.
    if hasBrokenPipe { end(128 + SIGPIPE) }
    let reason = (error as NSError).localizedDescription
    printError(
      "\(programName): standard output cannot be written (\(reason)); make room, or send it elsewhere.\n"
    )
    end(1)
  }
}

/// Whether nobody reads standard output any more.
private var hasBrokenPipe: Bool {
  var output = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
  return poll(&output, 1, 0) == 1 && output.revents & Int16(POLLERR | POLLHUP) != 0
}

/// Writes text to standard error, with everything visible that a terminal would obey.
public func printError(_ text: String) { printError(raw: text.visibleLines) }

/// Writes text to standard error as it is, escape sequences of our own and all.
public func printError(raw text: String) {
  do {
    try FileHandle.standardError.write(contentsOf: Data(text.utf8))
  } catch {
    // There is nobody left to tell.
  }
}

/// Says what went wrong, each line with the program's name before it.
public func printError(_ error: any Error) {
  let lines = "\(error)".split(separator: "\n", omittingEmptySubsequences: false)
  for line in lines { printError("\(programName): \(line)\n") }
}

/// Ends the process at once, with what it has staged removed.
///
/// No handlers at exit: reports are staged, a database is one whole chunk after another, and what a
/// library cleans up then may be in use by work that was given up.
private func end(_ status: Int32) -> Never {
  isEnding.store(true, ordering: .sequentiallyConsistent)
  StagingFolder.removeAll(andEnd: status)
}

/// Runs the work of a program, and ends the process with the status of the work unless that is 0.
///
/// An error is printed, and the status is 1. A signal cancels the work, which leaves no half-written
/// file and may finish an open chunk; the status is then 128 and the signal's number, where the work
/// ends by throwing `CancellationError`. A second signal ends the process at once.
///
/// - Parameters:
///   - grace: After how many seconds the first signal ends the process, too: for work that has nothing
///     to finish, whatever it waits for. Nil for as long as it takes.
///   - work: The work; returns the status.
public func runToExit<Status: RawRepresentable<Int32> & SendableMetatype>(
  grace: Double? = nil, _ work: @escaping @Sendable () async throws -> Status
) async {
  // A file that may not grow any further is then an error like a full disk, not the end.
  signal(SIGXFSZ, SIG_IGN)
  // A reader that is gone is an error too, so that what is staged is removed.
  signal(SIGPIPE, SIG_IGN)
  let task = Task { try await work().rawValue }
  // A queue of its own, which has a thread however busy the work keeps the others.
  let queue = DispatchQueue(label: "signals", qos: .userInteractive)
  let signals = [SIGHUP, SIGINT, SIGTERM].compactMap { number -> (any DispatchSourceSignal)? in
    let before = unsafeBitCast(signal(number, SIG_IGN), to: Int.self)
    // Whoever starts it with nohup wants it to outlive the terminal.
    if number == SIGHUP, before == unsafeBitCast(SIG_IGN, to: Int.self) { return nil }
    let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
    source.setEventHandler {
      let (isFirst, _) = stoppingSignal.compareExchange(
        expected: 0, desired: number, ordering: .relaxed)
      if !isFirst { end(128 + number) }
      task.cancel()
      guard let grace else { return }
      queue.asyncAfter(deadline: .now() + grace) { end(128 + number) }
    }
    source.resume()
    return source
  }
  defer { signals.forEach { $0.cancel() } }
  let result = await task.result
  // What has been removed under the work is no error of its own.
  while isEnding.load(ordering: .sequentiallyConsistent) { await Task.yield() }
  let status = exitStatus(of: result)
  if status != 0 { end(status) }
}

/// The status to exit with after work that came to its end; an error is printed.
private func exitStatus(of result: Result<Int32, any Error>) -> Int32 {
  do {
    return try result.get()
  } catch {
    let number = stoppingSignal.load(ordering: .relaxed)
    if error is CancellationError && number != 0 { return 128 + number }
    printError(error)
    return 1
  }
}
