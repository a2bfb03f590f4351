with

listed (job, role) as (

    values
    ('Creator', 'Creator'),
    ('Original Series Creator', 'Creator'),
    ('Writer', 'Writer'),
    ('Co-Writer', 'Writer'),
    ('Staff Writer', 'Writer'),
    ('Head of Story', 'Writer'),
    ('Screenplay', 'Writer'),
    ('Teleplay', 'Writer'),
    ('Story', 'Writer'),
    ('Original Story', 'Writer'),
    ('Scenario Writer', 'Writer'),
    ('Director', 'Director'),
    ('Co-Director', 'Director'),
    ('Series Director', 'Director'),
    ('Executive Producer', 'Executive Producer'),
    ('Co-Executive Producer', 'Executive Producer'),
    ('Producer', 'Producer'),
    ('Co-Producer', 'Producer'),
    ('Associate Producer', 'Producer'),
    ('Consulting Producer', 'Producer'),
    ('Supervising Producer', 'Producer'),
    ('Coordinating Producer', 'Producer'),
    ('Line Producer', 'Producer')

)

select
    listed.job,
    listed.role
from listed
