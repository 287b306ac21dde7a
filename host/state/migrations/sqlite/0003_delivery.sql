-- Which messages of the outbox a consumer has got. A message goes when all consumers have it.
CREATE TABLE IF NOT EXISTS blockhouse_delivered (
    message_id integer      NOT NULL,
    consumer   varchar(64) NOT NULL,
    PRIMARY KEY (message_id, consumer)
);

-- Which host delivers to a consumer, and until when nobody else does.
CREATE TABLE IF NOT EXISTS blockhouse_delivery_lease (
    consumer varchar(64) NOT NULL PRIMARY KEY,
    holder   varchar(64) NOT NULL,
    until_ms integer      NOT NULL
);
