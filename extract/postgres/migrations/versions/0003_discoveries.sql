-- What one document names is known from then on, and due: people in credits, networks in details.

alter table raw.fetches drop constraint fetches_status_check;
alter table raw.fetches add constraint fetches_status_check
check (status in ('known', 'ok', 'gone', 'failed'));

comment on column raw.fetches.status is
'known: named by a document, never asked for; ok and gone: the last answer; failed: the last try.';

-- What is due of a resource is looked up, not searched for among all that is held.
create index fetches_due on raw.fetches (resource, next_due_at);

create table raw.discoveries (
    resource text not null,
    found_in text not null,
    path text not null,
    searched_at timestamptz not null,
    primary key (resource, found_in, path)
);

comment on table raw.discoveries is
'The places (table and path in its payloads) where keys of a resource are found: one row for each that was searched in what had landed before.';
