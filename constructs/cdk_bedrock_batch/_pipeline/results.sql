SELECT run, record_id, succeeded, error_code, error_message, line, job_id, file
FROM (
  SELECT *,
    row_number() OVER (PARTITION BY run, record_id ORDER BY succeeded DESC, written DESC, file DESC) AS place
  FROM (
    SELECT
      run,
      json_extract_scalar(line, '$.recordId') AS record_id,
      coalesce(json_size(line, '$.modelOutput'), 0) > 0 AND coalesce(json_size(line, '$.error'), 0) = 0 AS succeeded,
      try_cast(json_extract_scalar(line, '$.error.errorCode') AS integer) AS error_code,
      json_extract_scalar(line, '$.error.errorMessage') AS error_message,
      line,
      regexp_extract("$path", '([^/]+)/[^/]+$', 1) AS job_id,
      "$path" AS file,
      "$file_modified_time" AS written
    FROM result_lines
  ) AS told
  WHERE record_id IS NOT NULL
) AS ranked
WHERE place = 1
