"""Connected applications (ứng dụng kết nối): other programs that ask this one, each with a key of its own."""
