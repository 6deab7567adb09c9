internal import CLibPQ

/// Where a database is, and as whom to connect to it.
///
/// As text it is the database, host and port: the password is in no description, message or mirror.
public struct PostgreSQLAddress: Sendable, CustomStringConvertible {
  /// What libpq is given, without what it takes from the environment.
  let parameters: [(name: String, value: String)]
  /// The database with its host and port.
  public let name: String

  /// The database with its host and port, as the start of a sentence.
  public var description: String { "The database \(name)" }

  /// Reads a connection string of libpq: `postgresql://user@host:5432/database?sslmode=require`, or
  /// `host=... dbname=...`.
  ///
  /// What is left out is taken from the environment (`PGHOST`, `PGPASSWORD`, `~/.pgpass`, ...), as `psql`
  /// takes it. Address: PostgreSQL's manual, 34.1.1, "Connection Strings".
  ///
  /// - Throws: `PostgreSQLError` for a text that is no connection string; it is not repeated, as it
  ///   may have a password in it.
  public init(_ text: String) throws(PostgreSQLError) {
    var problem: UnsafeMutablePointer<CChar>?
    guard let options = PQconninfoParse(text, &problem) else {
      PQfreemem(problem)
      throw PostgreSQLError(
        place: "The address of the database",
        rule: "is no connection string",
        remedy: "write one such as postgresql://user@host:5432/database, with special characters "
          + "percent-encoded and the password in PGPASSWORD or ~/.pgpass")
    }
    defer { PQconninfoFree(options) }
    parameters = Self.values(of: options)
    var known = parameters
    if let defaults = PQconndefaults() {
      known += Self.values(of: defaults)
      PQconninfoFree(defaults)
    }
    let value = { (name: String) in known.first { $0.name == name }?.value }
    let host = value("host") ?? value("hostaddr") ?? "the local socket"
    let database = value("dbname") ?? value("user") ?? "postgres"
    name = "\(database) at \(host):\(value("port") ?? "5432")"
  }

  private static func values(
    of options: UnsafeMutablePointer<PQconninfoOption>
  ) -> [(name: String, value: String)] {
    var values: [(name: String, value: String)] = []
    var option = options
    while let name = option.pointee.keyword {
      if let value = option.pointee.val {
        values.append((String(cString: name), String(cString: value)))
      }
      option += 1
    }
    return values
  }
}

extension PostgreSQLAddress: CustomReflectable {
  /// A mirror of the description alone.
  public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}
