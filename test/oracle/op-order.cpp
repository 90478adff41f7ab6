// Records how GNU's std::sort leaves ties: g++ -O2 op-order.cpp -o op-order && ./op-order | gzip -9 > ../data/op-order.json.gz
// Each case is [counts in name order, positions in sorted order].
#include <algorithm>
#include <cstdio>
#include <random>
#include <utility>
#include <vector>

static bool first = true;

static void record(const std::vector<int>& counts) {
  std::vector<std::pair<int, int>> items;
  for (int i = 0; i < (int)counts.size(); i++) items.push_back({i, counts[i]});
  std::sort(items.begin(), items.end(),
            [](const std::pair<int, int>& a, const std::pair<int, int>& b) { return a.second > b.second; });
  printf("%s\n[[", first ? "[" : ",");
  first = false;
  for (size_t i = 0; i < counts.size(); i++) printf("%s%d", i ? "," : "", counts[i]);
  printf("],[");
  for (size_t i = 0; i < items.size(); i++) printf("%s%d", i ? "," : "", items[i].first);
  printf("]]");
}

int main() {
  std::mt19937 random(1);
  for (int n = 1; n <= 120; n++) {
    for (int spread : {2, 5, 50}) {
      std::vector<int> counts(n);
      for (int& count : counts) count = 1 + random() % spread;
      record(counts);
    }
  }
  // Median-of-three killers run into the heap sort.
  for (int n : {128, 512, 1024}) {
    std::vector<int> counts(n);
    int half = n / 2;
    for (int i = 1; i <= half; i++) {
      if (i % 2 == 1) {
        counts[i - 1] = n - i;
        counts[i] = n - (half + i);
      }
      counts[half + i - 1] = n - 2 * i;
    }
    record(counts);
    for (int& count : counts) count /= 3;
    record(counts);
  }
  printf("\n]\n");
}
