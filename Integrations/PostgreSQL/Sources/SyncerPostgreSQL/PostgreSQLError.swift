/// What is wrong with a database or what it was asked: one line with the place, the rule and the remedy.
public struct PostgreSQLError: Error, Equatable, CustomStringConvertible {
  /// The database, table or share.
  public var place: String
  /// The five characters that PostgreSQL calls SQLSTATE; nil where the server did not say anything.
  public var state: String?
  /// The rule that is broken, as the rest of a sentence about the place.
  public var rule: String
  /// What to do about it.
  public var remedy: String
  /// The line of the rows copied in that was refused, from 1; nil where none was.
  var copiedLine: Int?
  /// The column that was refused.
  var column: String?

  /// Makes an error.
  public init(place: String, state: String? = nil, rule: String, remedy: String) {
    self.place = place
    self.state = state
    self.rule = rule
    self.remedy = remedy
  }

  public var description: String { "\(place) \(rule); \(remedy)." }

  /// Whether the same may work in a while: the connection was lost, the server is starting, ending or
  /// full of connections, the transaction met another, or a lock was not to be had in time.
  public var isTransient: Bool {
    guard let state else { return false }
    return isConnectionLost || ["40001", "40P01", "53300", "55P03", "57P03"].contains(state)
  }

  /// Whether the session is gone, with its temporary tables and locks.
  public var isConnectionLost: Bool {
    state.map { $0.hasPrefix("08") || ["57P01", "57P02", "57P05"].contains($0) } ?? false
  }
}

extension PostgreSQLError {
  /// What the server said: its fields, as it names them.
  struct Answer {
    var state: String?
    var message: String
    var detail: String?
    var context: String?
  }

  /// Makes an error of what the server said.
  init(_ answer: Answer, place: String) {
    let message = Self.line(answer.message)
    let said = answer.detail.map { "\(message): \(Self.line($0))" } ?? message
    let (rule, remedy) = Self.sentence(answer.state ?? "", said)
    self.init(place: place, state: answer.state, rule: rule, remedy: remedy)
    guard let context = answer.context else { return }
    if let match = context.firstMatch(of: /COPY [^,]*, line (\d+)/) { copiedLine = Int(match.1) }
    if let match = context.firstMatch(of: /COPY .*, line \d+, column ([^:]*)/) {
      column = String(match.1)
    }
  }

  private static func line(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline)
      .map { line in
        let start = line.drop { $0 == "\t" || $0 == " " }
        return start.hasSuffix(".") ? start.dropLast() : start
      }.joined(separator: ", ")
  }

  private static func sentence(_ state: String, _ said: String) -> (rule: String, remedy: String) {
    let again = "and run again: whole chunks are kept"
    switch state {
    case "22001":
      return ("refuses a value (\(said))", "widen the column or shorten the value, \(again)")
    case _ where state.hasPrefix("22"): return ("refuses a value (\(said))", "correct it, \(again)")
    case _ where state.hasPrefix("23"):
      return ("refuses a row (\(said))", "correct the row or the constraint, \(again)")
    case _ where state.hasPrefix("28"):
      return (
        "lets nobody in (\(said))",
        "see to the user, and to the password in PGPASSWORD or ~/.pgpass"
      )
    case "3D000": return ("is not there (\(said))", "name a database that exists")
    case "40001", "40P01": return ("gave the transaction up for another (\(said))", "run again")
    case "42501": return ("does not allow it (\(said))", "grant it to the user of the connection")
    case "42P01": return ("has no such table (\(said))", "name one that exists")
    case "53100": return ("has no room left (\(said))", "make room on the server, \(again)")
    case "53300":
      return ("takes no more connections (\(said))", "end some, or raise max_connections")
    case "55P03":
      return (
        "could not lock what another holds (\(said))",
        "wait for it, or allow more time for locks, \(again)"
      )
    case "57014": return ("gave the statement up (\(said))", "allow it more time, \(again)")
    case "57P01", "57P02", "57P03", "57P05":
      return ("is starting or ending (\(said))", "wait until it is there, \(again)")
    case _ where state.hasPrefix("08"):
      return ("cannot be reached (\(said))", "see to the server and the network, \(again)")
    default:
      return (
        "could not do it (\(state.isEmpty ? "" : "\(state): ")\(said))",
        "see the server's log, \(again)"
      )
    }
  }
}
