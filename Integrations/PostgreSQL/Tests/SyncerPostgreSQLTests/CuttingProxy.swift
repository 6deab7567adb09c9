import Foundation
import Synchronization

/// Passes connections on to a server on loopback, and cuts one where it is told to.
final class CuttingProxy: Sendable {
  private struct State {
    var word: [UInt8]?
    var isForwarded = false
    var cutCount = 0
  }

  private let state = Mutex(State())
  private let listener: Int32
  /// The address of the proxy.
  let text: String

  /// Listens before the server of an address.
  init(before text: String) throws {
    guard let match = text.firstMatch(of: /127\.0\.0\.1:(\d+)/), let port = UInt16(match.1) else {
      throw POSIXError(.EINVAL)
    }
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    self.listener = listener
    var place = Self.place(0)
    let isBound = withUnsafePointer(to: &place) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard isBound == 0, listen(listener, 16) == 0 else { throw POSIXError(.EADDRINUSE) }
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withUnsafeMutablePointer(to: &place) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(listener, $0, &length) }
    }
    self.text = text.replacingOccurrences(
      of: "127.0.0.1:\(port)", with: "127.0.0.1:\(UInt16(bigEndian: place.sin_port))")
    Thread.detachNewThread { [weak self] in
      while true {
        let client = accept(listener, nil, nil)
        if client < 0 { return }
        self?.serve(client, port)
      }
    }
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  var cutCount: Int { state.withLock { $0.cutCount } }

  /// Cuts the connection whose client sends a word next, before or after the server gets it.
  func cut(at word: String, isForwarded: Bool) {
    state.withLock {
      $0.word = Array(word.utf8)
      $0.isForwarded = isForwarded
    }
  }

  private static func place(_ port: UInt16) -> sockaddr_in {
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_port = port.bigEndian
    place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return place
  }

  private func serve(_ client: Int32, _ port: UInt16) {
    let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var place = Self.place(port)
    _ = withUnsafePointer(to: &place) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    Thread.detachNewThread { self.pass(from: client, to: server) }
    Thread.detachNewThread { Self.copy(from: server, to: client) }
  }

  /// Passes on what the client sends, up to the word.
  private func pass(from client: Int32, to server: Int32) {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = recv(client, &buffer, buffer.count, 0)
      guard count > 0 else { break }
      let bytes = buffer.prefix(count)
      let cut: Bool? = state.withLock { state in
        guard let word = state.word, bytes.contains(word) else { return nil }
        state.word = nil
        state.cutCount += 1
        return state.isForwarded
      }
      if let isForwarded = cut {
        shutdown(client, Int32(SHUT_RDWR))
        if isForwarded { _ = send(server, &buffer, count, Int32(MSG_NOSIGNAL)) }
        break
      }
      if send(server, &buffer, count, Int32(MSG_NOSIGNAL)) != count { break }
    }
    shutdown(client, Int32(SHUT_RDWR))
    shutdown(server, Int32(SHUT_WR))
  }

  private static func copy(from source: Int32, to destination: Int32) {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = recv(source, &buffer, buffer.count, 0)
      if count <= 0 { break }
      if send(destination, &buffer, count, Int32(MSG_NOSIGNAL)) != count { break }
    }
    shutdown(destination, Int32(SHUT_RDWR))
  }
}

/// True once.
final class Once: Sendable {
  private let isDone = Atomic(false)

  func isFirst() -> Bool { !isDone.exchange(true, ordering: .relaxed) }
}
