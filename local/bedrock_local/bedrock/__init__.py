"""Amazon Bedrock batch inference, faithful enough to deploy against.

A request passes through these rooms, one way::

    routes -> validation -> service -> store/job        (answers at once)
                               |
                               +-> runner -> input_data -> inference -> output_data   (a thread per job)

`ports` names what the service needs from the AWS around it (who may call, which role may do what); `authorization`
is the one implementation, on top of the emulator's own IAM. Everything else runs without an emulator.
"""
