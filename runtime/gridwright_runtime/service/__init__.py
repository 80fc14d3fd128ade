"""The former place of files and attachments; they are in `gridwright_runtime.multipart` now."""
