"""Lists that coordinators upload: received, read, shown, and saved once confirmed."""
