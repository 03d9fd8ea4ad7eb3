"""Amazon Bedrock batch inference, faithful enough to deploy against.

A request passes through these rooms, one way::

    routes -> validation -> service -> store/job        (answers at once)
                               |
                               +-> runner -> network, input_data -> answering -> output_data   (a thread per job)

`ports` and `roles` name what the service needs from the AWS around it (who may call, which role may do what);
`authorization` and `service_roles` are the one implementation, on top of the emulator's own IAM in `policies`.
Everything else runs without an emulator. `behaviours` lists what is not known of the service.
"""
