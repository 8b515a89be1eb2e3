"""Calls every operation of an OpenAPI document with what Schemathesis makes up, for so many seconds.

Arguments: the address of the document, an access token, seconds. Prints what was found, and fails if anything was.
"""

import subprocess
import sys
import tempfile

CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "allow_header_conformance",
]

document, token, seconds = sys.argv[1:]
command = [sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()", "run", document]
command += ["--header", f"Authorization: Bearer {token}", "--checks", ",".join(CHECKS)]
# Whoever logs out is refused ever after.
command += ["--exclude-path", "/v1/logout", "--phases", "coverage,fuzzing", "--max-time", seconds]
command += ["--max-examples", "1000", "--no-color", "--generation-database", "none"]
# It leaves things where it runs.
with tempfile.TemporaryDirectory() as folder:
    run = subprocess.run(command, capture_output=True, text=True, cwd=folder)
if run.returncode != 0:
    sys.exit(run.stdout + run.stderr)
print(run.stdout)
