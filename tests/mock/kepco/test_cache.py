"""Encoded replies are kept while the world stands still, and never without bound."""

from gridwright_runtime.mock.serving.cache import VersionedCache


def test_a_value_is_found_at_its_version() -> None:
    cache: VersionedCache[str] = VersionedCache(100)
    assert cache.get("a", 1) is None
    cache.put("a", 1, "value", 10)
    assert cache.get("a", 1) == "value"


def test_everything_is_forgotten_when_the_version_changes() -> None:
    cache: VersionedCache[str] = VersionedCache(100)
    cache.get("a", 1)
    cache.put("a", 1, "value", 10)
    assert cache.get("a", 2) is None
    assert cache.get("a", 1) is None
    assert len(cache) == 0


def test_a_value_of_an_old_version_is_not_kept() -> None:
    cache: VersionedCache[str] = VersionedCache(100)
    cache.get("a", 2)
    cache.put("a", 1, "value", 10)
    assert cache.get("a", 2) is None


def test_what_was_not_used_for_longest_goes_first() -> None:
    cache: VersionedCache[str] = VersionedCache(30)
    cache.get("", 1)
    for key in "abc":
        cache.put(key, 1, key, 10)
    cache.get("a", 1)
    cache.put("d", 1, "d", 10)
    assert [cache.get(key, 1) for key in "abcd"] == ["a", None, "c", "d"]


def test_a_value_larger_than_the_cache_is_not_kept() -> None:
    cache: VersionedCache[str] = VersionedCache(30)
    cache.get("", 1)
    cache.put("a", 1, "a", 10)
    cache.put("b", 1, "b", 31)
    assert [cache.get(key, 1) for key in "ab"] == ["a", None]


def test_a_value_put_twice_counts_once() -> None:
    cache: VersionedCache[str] = VersionedCache(30)
    cache.get("", 1)
    for _ in range(10):
        cache.put("a", 1, "a", 10)
    cache.put("b", 1, "b", 20)
    assert [cache.get(key, 1) for key in "ab"] == ["a", "b"]
