"""Bytes to texts, trees and values: charsets, packings, JSON and XML."""
