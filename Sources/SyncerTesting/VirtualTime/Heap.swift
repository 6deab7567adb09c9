/// A binary heap: the least element is found at once, and taken in logarithmic time.
package struct Heap<Element: Comparable> {
  /// The element at `i` is not above those at `2 i + 1` and `2 i + 2`.
  private var elements: [Element] = []

  package var count: Int { elements.count }

  /// The least element.
  package var min: Element? { elements.first }

  package mutating func insert(_ element: Element) {
    elements.append(element)
    var place = elements.count - 1
    while place > 0 {
      let parent = (place - 1) / 2
      if elements[parent] <= elements[place] { return }
      elements.swapAt(parent, place)
      place = parent
    }
  }

  package init() {}

  /// Puts an element in the place of the least.
  package mutating func replaceMin(with element: Element) {
    if elements.isEmpty { return insert(element) }
    elements[0] = element
    sink(from: 0)
  }

  /// Takes the least element.
  mutating func popMin() -> Element? {
    guard let least = elements.first, let last = elements.popLast() else { return nil }
    if elements.isEmpty { return least }
    elements[0] = last
    sink(from: 0)
    return least
  }

  /// Removes elements wherever they are.
  mutating func removeAll(where isRemoved: (Element) -> Bool) {
    elements.removeAll(where: isRemoved)
    for place in (0..<elements.count / 2).reversed() { sink(from: place) }
  }

  /// Moves an element down to where it is not above those below it.
  private mutating func sink(from start: Int) {
    var place = start
    while true {
      var least = place
      for child in [2 * place + 1, 2 * place + 2]
      where child < elements.count && elements[child] < elements[least] {
        least = child
      }
      if least == place { return }
      elements.swapAt(place, least)
      place = least
    }
  }
}
