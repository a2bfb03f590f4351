-- Which seasons of a series failed, to ask for them again or to learn that they are gone. Few keys fail at a time.

create index fetches_failing on raw.fetches (resource, split_part(key, '/', 1)) where status = 'failed';
