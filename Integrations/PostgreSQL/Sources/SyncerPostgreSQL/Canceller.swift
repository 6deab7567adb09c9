internal import CLibPQ
internal import Dispatch
internal import Synchronization

/// Asks a server to give up the statement that a session is at.
final class Canceller: Sendable {
  private struct State {
    /// Of the session; a number, as pointers do not pass from one thread to another.
    var address: Int?
    /// The statement at work, by its number; nil between two.
    var statement: Int?
    var statementCount = 0
  }
  private let state = Mutex(State())

  /// Is told of a new session.
  func open(_ session: PostgreSQLSession) {
    let address = PQgetCancel(session.handle).map { Int(bitPattern: $0) }
    state.withLock {
      Self.free($0.address)
      $0.address = address
    }
  }

  deinit { state.withLock { Self.free($0.address) } }

  private static func free(_ address: Int?) {
    if let address { PQfreeCancel(OpaquePointer(bitPattern: address)) }
  }

  func begin() {
    state.withLock {
      $0.statementCount += 1
      $0.statement = $0.statementCount
    }
  }

  /// Waits for a request that is under way, so that it does not meet the next statement.
  func end() { state.withLock { $0.statement = nil } }

  /// Asks until the statement at work has ended: a server that has not begun it yet hears nothing.
  func cancel() {
    if let statement = state.withLock({ $0.statement }) { ask(statement) }
  }

  private func ask(_ statement: Int) {
    DispatchQueue.global().async { [self] in
      let isAtWork = state.withLock { state in
        guard state.statement == statement, let address = state.address else { return false }
        var message = [CChar](repeating: 0, count: 256)
        PQcancel(OpaquePointer(bitPattern: address), &message, Int32(message.count))
        return true
      }
      guard isAtWork else { return }
      DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(50)) {
        self.ask(statement)
      }
    }
  }
}
