"""Pictures that authors give: what they are, which sizes they are published in, and making those.

Content is untrusted: a file is looked at within limits before any of it is decoded, and nothing
of a picture is published but what its pixels need.
"""
