/// A queue: first in, first out, in constant time on average.
package struct FIFO<Element> {
  private var elements: [Element?] = []
  private var head = 0

  package init() {}

  package init(_ elements: some Sequence<Element>) {
    self.elements = elements.map { $0 }
  }

  package var count: Int { elements.count - head }
  package var isEmpty: Bool { head == elements.count }

  package mutating func append(_ element: Element) {
    elements.append(element)
  }

  package mutating func popFirst() -> Element? {
    if isEmpty { return nil }
    let first = elements[head]
    elements[head] = nil
    head += 1
    if head == elements.count {
      elements.removeAll(keepingCapacity: true)
      head = 0
    } else if head > 1024 && head * 2 > elements.count {
      elements.removeFirst(head)
      head = 0
    }
    return first
  }
}

extension FIFO: Sendable where Element: Sendable {}
