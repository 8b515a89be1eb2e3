"""Runs the Python of a guide as its reader would, with other addresses.

guide.py GUIDE ARGUMENTS: ARGUMENTS is JSON, {"replace": {text: text, …}, "calls": [[name, argument, …], …]}.

Prints as JSON what each call returned, or the name of what it raised.
"""

import json
import re
import sys

GUIDE, ARGUMENTS = sys.argv[1:]
arguments = json.loads(ARGUMENTS)

with open(GUIDE, encoding="utf-8") as file:
    code = "\n".join(re.findall(r"```python\n(.*?)```", file.read(), re.DOTALL))
for text, other in arguments["replace"].items():
    assert text in code, f"the guide does not say {text}"
    code = code.replace(text, other)
names = {}
exec(compile(code, GUIDE, "exec"), names)


def called(name, *given):
    try:
        return {"returned": names[name](*given)}
    except Exception as error:
        return {"raised": type(error).__name__}


print(json.dumps([called(*call) for call in arguments["calls"]]))
