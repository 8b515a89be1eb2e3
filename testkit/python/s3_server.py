"""A server that speaks as S3 does, with one empty bucket in memory.

Usage: s3_server.py PORT BUCKET
Prints its port, and ends with its standard input."""

import sys

import boto3
from moto.server import ThreadedMotoServer

port, bucket = sys.argv[1:]
server = ThreadedMotoServer("127.0.0.1", int(port), verbose=False)
server.start()
_, port = server.get_host_and_port()
client = boto3.client(
    "s3",
    endpoint_url=f"http://127.0.0.1:{port}",
    region_name="us-east-1",
    aws_access_key_id="key",
    aws_secret_access_key="secret",
)
client.create_bucket(Bucket=bucket)
print(port, flush=True)
sys.stdin.read()
