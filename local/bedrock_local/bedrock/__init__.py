"""Amazon Bedrock batch inference, faithful enough to deploy against, and its models on demand; without an emulator.

A request passes through these rooms, one way::

    service_model -> api -> jobs                        (answers at once)
                      |
                      +-> execution -> data -> models   (a thread per job)
                      +----------------------> models   (on demand, a thread per question)

Imports run one way, too, from the higher floor to the lower:

6. `execution`: the life of a job
5. `api`: the operations; `signals`: events and metrics
4. `data`: a job's records in S3; `faults`: what goes wrong on demand
3. `jobs`: states, times, limits; `behaviours` lists what is not known of the service
2. `models`: what a model id stands for, and what answers
1. `access`: what the service needs from the AWS around it, which `bedrock_local.services` gives it;
   `service_model`: the API as boto3 ships it
"""
