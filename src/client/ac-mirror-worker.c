/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-mirror-worker.h"

/* Instructions of SQLite between two looks at the cancellable: about a tenth of a millisecond. */
#define INSTRUCTIONS 10000

struct _AcMirrorWorker
{
  GThread *thread;
  GAsyncQueue *jobs; /* of Job */
  AcMirrorConnect connect;
  AcMirrorFailed failed;
  gpointer data;
  GDestroyNotify free_data;
  AcSql *sql; /* the thread's */
};

/* One without a task ends the thread. */
typedef struct
{
  GTask *task;
  AcMirrorFunc func;
  GDestroyNotify free_result;
} Job;

static int
progress_cb (void *data)
{
  return g_cancellable_is_cancelled (data);
}

static gpointer
run (AcMirrorWorker *worker, Job *job, GError **error)
{
  GCancellable *cancellable = g_task_get_cancellable (job->task);
  sqlite3 *handle;
  gpointer result;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  worker->sql = worker->connect (g_steal_pointer (&worker->sql), worker->data, error);
  if (worker->sql == NULL)
    return NULL;
  handle = ac_sql_get_handle (worker->sql);
  if (cancellable != NULL)
    sqlite3_progress_handler (handle, INSTRUCTIONS, progress_cb, cancellable);
  result = job->func (worker->sql, g_task_get_task_data (job->task), cancellable, error);
  sqlite3_progress_handler (handle, 0, NULL, NULL);
  if (ac_sql_in_transaction (worker->sql))
    ac_sql_exec (worker->sql, "ROLLBACK", NULL);
  return result;
}

static void
do_job (AcMirrorWorker *worker, Job *job)
{
  GError *error = NULL;
  gpointer result = run (worker, job, &error);

  if (error == NULL)
    g_task_return_pointer (job->task, result, job->free_result);
  else if (g_cancellable_is_cancelled (g_task_get_cancellable (job->task)))
    {
      g_error_free (error);
      g_task_return_error_if_cancelled (job->task);
    }
  else
    {
      worker->failed (error, worker->data);
      g_task_return_error (job->task, error);
    }
}

static gpointer
thread_main (gpointer data)
{
  AcMirrorWorker *worker = data;
  gboolean more = TRUE;

  while (more)
    {
      Job *job = g_async_queue_pop (worker->jobs);

      more = job->task != NULL;
      if (more)
        do_job (worker, job);
      g_clear_object (&job->task);
      g_free (job);
    }
  ac_sql_close (worker->sql);
  worker->free_data (worker->data);
  g_async_queue_unref (worker->jobs);
  g_free (worker);
  return NULL;
}

/**
 * ac_mirror_worker_new:
 * @name: of the thread
 * @data: for @connect and @failed, which run in the thread
 * @free_data: called at the end of the thread
 *
 * Returns: (transfer full): a thread without a job.
 */
AcMirrorWorker *
ac_mirror_worker_new (const char *name,
                      AcMirrorConnect connect,
                      AcMirrorFailed failed,
                      gpointer data,
                      GDestroyNotify free_data)
{
  AcMirrorWorker *worker = g_new0 (AcMirrorWorker, 1);

  worker->jobs = g_async_queue_new ();
  worker->connect = connect;
  worker->failed = failed;
  worker->data = data;
  worker->free_data = free_data;
  worker->thread = g_thread_new (name, thread_main, worker);
  return worker;
}

static void
push (AcMirrorWorker *worker, GTask *task, AcMirrorFunc func, GDestroyNotify free_result)
{
  Job *job = g_new0 (Job, 1);

  job->task = task;
  job->func = func;
  job->free_result = free_result;
  g_async_queue_push (worker->jobs, job);
}

/**
 * ac_mirror_worker_push:
 * @task: (transfer full): what to return the result to; its task data is given to @func
 *
 * Has @func run in the thread.
 */
void
ac_mirror_worker_push (AcMirrorWorker *worker,
                       GTask *task,
                       AcMirrorFunc func,
                       GDestroyNotify free_result)
{
  push (worker, task, func, free_result);
}

/**
 * ac_mirror_worker_free:
 *
 * Lets the thread end after the jobs it has, without waiting for it.
 */
void
ac_mirror_worker_free (AcMirrorWorker *worker)
{
  if (worker == NULL)
    return;
  g_thread_unref (worker->thread);
  push (worker, NULL, NULL, NULL);
}
