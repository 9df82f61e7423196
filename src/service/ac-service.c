/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <signal.h>

#include "responders/ac-device-responder.h"
#include "responders/ac-forwarding-responder.h"
#include "responders/ac-mail-responder.h"
#include "responders/ac-quarantine-responder.h"
#include "responders/ac-url-responder.h"
#include "service/ac-housekeeping.h"
#include "service/ac-listener.h"
#include "service/ac-service.h"
#include "service/ac-work-queue.h"

/* How long requests under way may take when the service is told to stop. */
#define STOP_SECONDS 10

typedef struct
{
  const AcServiceConfig *config;
  GMainLoop *loop;
  AcTokenFile *tokens;
  AcStore *store;
  GPtrArray *responders; /* of AcResponder */
  AcWorkQueue *queue;
  AcChangeBroadcaster *broadcaster;
  AcRouter *router;
  AcListener *listener;
  AcHousekeeping *housekeeping;
  guint terminate_id;
  guint interrupt_id;
  gboolean stopping;
} Service;

static void
stopped_cb (gpointer user_data)
{
  Service *service = user_data;

  g_main_loop_quit (service->loop);
}

static gboolean
signal_cb (gpointer user_data)
{
  Service *service = user_data;

  if (service->stopping)
    {
      g_message ("Told to stop again: not waiting for requests under way");
      g_main_loop_quit (service->loop);
      return G_SOURCE_CONTINUE;
    }
  g_message ("Told to stop: finishing what is under way");
  service->stopping = TRUE;
  ac_change_broadcaster_end_streams (service->broadcaster);
  ac_listener_stop (service->listener, STOP_SECONDS, stopped_cb, service);
  return G_SOURCE_CONTINUE;
}

static void
changed_cb (AcStore *store, gpointer user_data)
{
  const Service *service = user_data;

  ac_work_queue_wake (service->queue);
  ac_change_broadcaster_wake (service->broadcaster);
}

static gboolean
open_store (Service *service, GError **error)
{
  service->store = ac_store_open (service->config->database, error);
  if (service->store == NULL)
    {
      g_prefix_error (error, "Could not open the database %s: ", service->config->database);
      return FALSE;
    }
  ac_store_set_grace (service->store, service->config->grace_seconds * G_TIME_SPAN_SECOND);
  ac_store_set_clusters (service->store, service->config->look_seconds * G_TIME_SPAN_SECOND,
                         service->config->confirm_messages);
  ac_store_set_second_person (service->store, service->config->second_person != 0);
  ac_store_set_cursor_lifetime (service->store,
                                service->config->cursor_seconds * G_TIME_SPAN_SECOND);
  return TRUE;
}

/* Whoever waits for the file sees it only when it is whole. */
static gboolean
write_ready_file (Service *service, GError **error)
{
  g_auto (GStrv) addresses = ac_listener_get_addresses (service->listener);
  g_autofree char *lines = g_strjoinv ("\n", addresses);
  g_autofree char *text = g_strconcat (lines, "\n", NULL);

  for (char **address = addresses; *address != NULL; address++)
    g_message ("Listening on %s", *address);
  if (service->config->ready_file == NULL)
    return TRUE;
  return g_file_set_contents_full (service->config->ready_file, text, -1,
                                   G_FILE_SET_CONTENTS_CONSISTENT, 0644, error);
}

/* @responder: (transfer full) (nullable): with @error where there is none */
static gboolean
add_responder (Service *service, gpointer responder, GError **error)
{
  if (responder == NULL)
    {
      g_prefix_error (error, "%s: ", service->config->path);
      return FALSE;
    }
  g_ptr_array_add (service->responders, responder);
  return TRUE;
}

static gboolean
start (Service *service, GError **error)
{
  const AcServiceConfig *config = service->config;
  gint64 last_written;

  service->tokens = ac_token_file_new (config->tokens);
  if (!ac_token_file_load (service->tokens, error) || !open_store (service, error))
    return FALSE;
  last_written = ac_store_get_last_written (service->store);
  service->responders = g_ptr_array_new_with_free_func (g_object_unref);
  if ((config->has_mail &&
       (!add_responder (service, ac_mail_responder_new (config->key_file, error), error) ||
        !add_responder (service, ac_quarantine_responder_new (config->key_file, error), error))) ||
      (config->has_forwarding &&
       !add_responder (service, ac_forwarding_responder_new (config->key_file, error), error)) ||
      (config->has_device &&
       !add_responder (service, ac_device_responder_new (config->key_file, error), error)) ||
      (config->has_url &&
       !add_responder (service, ac_url_responder_new (config->key_file, error), error)))
    return FALSE;
  service->queue = ac_work_queue_new (service->store, service->responders, config->mail_connections,
                                      config->mail_retry_seconds * G_TIME_SPAN_SECOND);
  ac_work_queue_set_last_written (service->queue, last_written);
  service->broadcaster = ac_change_broadcaster_new (service->store, service->tokens, config);
  if (!ac_change_broadcaster_start (service->broadcaster, error))
    return FALSE;
  ac_store_set_changed_func (service->store, changed_cb, service, NULL);
  service->router = ac_router_new (service->store, service->tokens, service->broadcaster, config);
  ac_router_set_responders (service->router, service->responders);
  service->listener = ac_listener_new (service->router, config);
  if (!ac_listener_start (service->listener, error))
    return FALSE;
  ac_change_broadcaster_set_most (service->broadcaster,
                                  ac_listener_get_most_streams (service->listener));
  if (!ac_work_queue_start (service->queue))
    {
      g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_FAILED,
                   "The queue of work could not be started with the database %s", config->database);
      return FALSE;
    }
  service->housekeeping = ac_housekeeping_start (service->store, config, last_written);
  /* Whoever reads that it is ready may end it at once, and in order. */
  service->terminate_id = g_unix_signal_add (SIGTERM, signal_cb, service);
  service->interrupt_id = g_unix_signal_add (SIGINT, signal_cb, service);
  return write_ready_file (service, error);
}

static void
stop (Service *service)
{
  service->stopping = TRUE;
  if (service->config->ready_file != NULL && service->listener != NULL)
    g_unlink (service->config->ready_file);
  if (service->queue != NULL)
    ac_work_queue_stop (service->queue);
  g_clear_pointer (&service->housekeeping, ac_housekeeping_stop);
  if (service->broadcaster != NULL)
    ac_change_broadcaster_stop (service->broadcaster);
  if (service->router != NULL)
    ac_router_free (service->router);
  /* What the routes still had to say has nobody to go to, but must be freed. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_object (&service->listener);
  if (service->store != NULL)
    ac_store_set_changed_func (service->store, NULL, NULL, NULL);
  g_clear_object (&service->broadcaster);
  g_clear_object (&service->queue);
  g_clear_pointer (&service->responders, g_ptr_array_unref);
  g_clear_object (&service->store);
  g_clear_object (&service->tokens);
}

/**
 * ac_service_run:
 * @config: checked
 *
 * Runs the service until SIGTERM or SIGINT.
 *
 * Returns: %TRUE after a clean end, %FALSE when it could not start.
 */
gboolean
ac_service_run (const AcServiceConfig *config, GError **error)
{
  Service service = { .config = config };
  gboolean started;

  signal (SIGPIPE, SIG_IGN);
  /* A file that has reached its largest size is an error like a full disk, and no reason to die. */
  signal (SIGXFSZ, SIG_IGN);
  service.loop = g_main_loop_new (NULL, FALSE);
  started = start (&service, error);
  if (started)
    g_main_loop_run (service.loop);
  stop (&service);
  /* Only now: a second signal must not end it in the middle of stopping. */
  g_clear_handle_id (&service.terminate_id, g_source_remove);
  g_clear_handle_id (&service.interrupt_id, g_source_remove);
  g_main_loop_unref (service.loop);
  if (started)
    g_message ("Stopped");
  return started;
}
