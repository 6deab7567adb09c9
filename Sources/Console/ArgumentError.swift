/// What is wrong with an argument of a command line, as a sentence.
public struct ArgumentError: Error, Equatable, CustomStringConvertible {
  public let description: String
}
