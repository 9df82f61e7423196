/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the action center page shows beside its list: what is selected there, or how a decision
 * goes. Whoever closes it has read enough; what was picked with the checks, or with Ctrl and Shift,
 * was picked to be decided and stays selected. */
#include "config.h"

#include "model/ac-time.h"
#include "window/ac-action-center-page-private.h"

/* Or will in a frame or two. */
gboolean
ac_action_center_page_shows_flyout (AcActionCenterPage *self)
{
  return ac_between_frames_is_running (self->opening) ||
         (self->flyout != NULL && gtk_widget_get_visible (GTK_WIDGET (self->flyout)));
}

/* With the checks, and where the flyout would cover the list, a selection can be put together
 * before the flyout opens; the line under the list says what it is so far. */
static void
update_status (AcActionCenterPage *self)
{
  AcActionView *view = ac_action_center_page_get_active_view (self);

  ac_list_status_set_selected (self->status, ac_action_center_page_shows_flyout (self)
                                                 ? 0
                                                 : ac_action_view_get_n_selected (view));
}

/* The flyout stands beside the list where there is room for both, and instead of it elsewhere. */
void
ac_action_center_page_update_layout (AcActionCenterPage *self)
{
  gboolean narrow = ac_adaptive_bin_get_narrow (self->bin);
  gboolean covered = narrow && ac_action_center_page_shows_flyout (self);
  gboolean progress = gtk_stack_get_visible_child (self->stack) == GTK_WIDGET (self->running);
  GtkOrientation orientation = narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL;
  gboolean had_focus = gtk_widget_get_focus_child (self->list_side) != NULL;

  /* Nothing that has no widgets yet can take the keyboard over. */
  if (narrow && ac_between_frames_is_running (self->opening))
    ac_action_center_page_open_flyout (self);
  gtk_widget_set_visible (self->list_side, !covered);
  gtk_widget_set_visible (GTK_WIDGET (self->command_bar), !covered);
  gtk_widget_set_visible (GTK_WIDGET (self->list_bar), !covered && !progress);
  gtk_widget_set_visible (GTK_WIDGET (self->status), !progress);
  gtk_widget_set_visible (GTK_WIDGET (self->search_entry), !progress);
  ac_list_bar_set_narrow (self->list_bar, narrow);
  ac_list_status_set_narrow (self->status, narrow);
  ac_sync_banner_set_narrow (self->banner, narrow);
  ac_operation_bar_set_narrow (self->operation_bar, narrow);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->title_box), orientation);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->command_bar), orientation);
  /* Keys go on working: what is hidden must not keep the focus. */
  if (covered && had_focus)
    gtk_widget_child_focus (GTK_WIDGET (self->flyout), GTK_DIR_TAB_FORWARD);
  update_status (self);
}

void
ac_action_center_page_save_flyout_width (AcActionCenterPage *self)
{
  int width =
      gtk_widget_get_width (GTK_WIDGET (self->paned)) - gtk_paned_get_position (self->paned);

  if (self->settings != NULL && width > 0 && gtk_widget_get_visible (self->list_side) &&
      ac_action_center_page_shows_flyout (self) &&
      gtk_widget_get_mapped (GTK_WIDGET (self->flyout)))
    g_settings_set_int (self->settings, "flyout-width", CLAMP (width, 240, 4096));
}

static void
step_cb (AcActionCenterPage *self, int by)
{
  ac_action_view_step (ac_action_center_page_get_active_view (self), by);
}

static void
narrow_cb (AcActionCenterPage *self, GArray *keys)
{
  ac_action_view_select_keys (ac_action_center_page_get_active_view (self),
                              (const guint64 *)(gpointer)keys->data, keys->len);
}

void
ac_action_center_page_update_offline (AcActionCenterPage *self)
{
  if (self->flyout != NULL)
    ac_flyout_set_offline (self->flyout,
                           self->source != NULL &&
                               ac_action_source_get_offline_since (self->source) != AC_TIME_NONE);
}

void
ac_action_center_page_ensure_flyout (AcActionCenterPage *self)
{
  GtkWidget *flyout;

  if (self->flyout != NULL)
    return;
  self->flyout = g_object_new (AC_TYPE_FLYOUT, "visible", FALSE, "width-request", 240, NULL);
  flyout = GTK_WIDGET (self->flyout);
  g_signal_connect_object (flyout, "close", G_CALLBACK (ac_action_center_page_close_flyout), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (flyout, "step", G_CALLBACK (step_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (flyout, "narrow", G_CALLBACK (narrow_cb), self, G_CONNECT_SWAPPED);
  ac_flyout_set_decisions (self->flyout, self->decisions);
  /* The bar at the foot of the page counts the seconds down, and takes back. */
  ac_flyout_leave_progress (self->flyout);
  gtk_paned_set_end_child (self->paned, flyout);
  ac_action_center_page_update_offline (self);
}

/* Makes room for the flyout beside the list, or instead of it. */
static void
place_flyout (AcActionCenterPage *self)
{
  int room = gtk_widget_get_width (GTK_WIDGET (self->paned));
  int width = self->settings != NULL ? g_settings_get_int (self->settings, "flyout-width") : 420;

  if (gtk_widget_get_visible (GTK_WIDGET (self->flyout)))
    return;
  if (room > width)
    gtk_paned_set_position (self->paned, room - width);
  gtk_widget_set_visible (GTK_WIDGET (self->flyout), TRUE);
  ac_action_center_page_update_layout (self);
}

void
ac_action_center_page_open_flyout (AcActionCenterPage *self)
{
  ac_action_center_page_ensure_flyout (self);
  ac_between_frames_stop (self->opening);
  ac_flyout_set_bare (self->flyout, FALSE);
  place_flyout (self);
}

/* See ac-between-frames.h. */
gboolean
ac_action_center_page_open_step (GtkWidget *widget)
{
  AcActionCenterPage *self = AC_ACTION_CENTER_PAGE (widget);

  if (!gtk_widget_get_visible (GTK_WIDGET (self->flyout)))
    {
      ac_flyout_set_bare (self->flyout, TRUE);
      place_flyout (self);
      return TRUE;
    }
  ac_action_center_page_open_flyout (self);
  ac_action_center_page_review_if_wanted (self);
  return FALSE;
}

/* The frame that shows which row is selected does not wait for the flyout: the next one has room
 * for it, for which the list is laid out anew, and the one after that shows what stands in it. */
static void
open_flyout_soon (AcActionCenterPage *self)
{
  /* Where it covers the list it takes the keyboard, too. */
  if (ac_adaptive_bin_get_narrow (self->bin))
    ac_action_center_page_open_flyout (self);
  if (ac_action_center_page_shows_flyout (self))
    return;
  ac_between_frames_start (self->opening);
  update_status (self);
}

void
ac_action_center_page_hide_flyout (AcActionCenterPage *self)
{
  if (!ac_action_center_page_shows_flyout (self))
    return;
  ac_between_frames_stop (self->opening);
  ac_action_center_page_save_flyout_width (self);
  /* The focus goes back to the list before the widget that has it is hidden; otherwise GTK would
   * look for a place by itself. */
  if (gtk_widget_get_focus_child (GTK_WIDGET (self->flyout)) != NULL)
    {
      gtk_widget_set_visible (self->list_side, TRUE);
      gtk_widget_grab_focus (GTK_WIDGET (ac_action_center_page_get_active_view (self)));
    }
  ac_flyout_clear (self->flyout);
  gtk_widget_set_visible (GTK_WIDGET (self->flyout), FALSE);
  ac_action_center_page_update_layout (self);
}

/**
 * ac_action_center_page_close_flyout:
 *
 * A row that was only looked at is left; a selection that was put together stays.
 */
void
ac_action_center_page_close_flyout (AcActionCenterPage *self)
{
  AcActionView *view = ac_action_center_page_get_active_view (self);

  ac_action_tab_select (self->pending, NULL);
  ac_action_tab_select (self->history, NULL);
  if (!ac_action_center_page_shows_flyout (self))
    return;
  if (ac_action_view_is_picking (view))
    ac_action_view_put_aside (view);
  else
    ac_action_view_unselect_all (view);
  ac_action_center_page_hide_flyout (self);
  /* What can be decided from the list is known there, so that its keys lead to it at once. */
  ac_action_center_page_show_selection (self);
}

/**
 * ac_action_center_page_update_ways:
 *
 * Says where in the list one is, and which ways lead from there.
 */
void
ac_action_center_page_update_ways (AcActionCenterPage *self)
{
  AcActionView *view = ac_action_center_page_get_active_view (self);
  guint64 n_selected = ac_action_view_get_n_selected (view);

  /* What one has decided leaves the list; the ways lead to those that stood around it. */
  if (self->flyout != NULL)
    ac_flyout_set_position (
        self->flyout,
        n_selected == 1 && ac_flyout_get_content (self->flyout) == AC_FLYOUT_ONE
            ? ac_action_view_get_position (view)
            : GTK_INVALID_LIST_POSITION,
        g_list_model_get_n_items (G_LIST_MODEL (ac_action_view_get_list (view))),
        n_selected < 2 && ac_action_view_can_step (view, -1),
        n_selected < 2 && ac_action_view_can_step (view, 1));
}

/* Some rows are selected: puts them into the flyout. */
static void
fill_flyout (AcActionCenterPage *self)
{
  AcActionView *view = ac_action_center_page_get_active_view (self);
  AcActionList *list = ac_action_view_get_list (view);

  ac_action_center_page_ensure_flyout (self);
  if (ac_action_view_get_n_selected (view) == 1)
    {
      g_autoptr (AcActionItem) item =
          g_list_model_get_item (G_LIST_MODEL (list), ac_action_view_get_position (view));

      ac_flyout_show_item (self->flyout, item);
    }
  else
    {
      g_autoptr (GArray) keys = ac_action_view_get_selected_keys (view);

      ac_flyout_show_keys (self->flyout, ac_action_list_get_source (list), keys);
    }
  ac_action_center_page_update_ways (self);
}

/**
 * ac_action_center_page_show_selection:
 *
 * Shows what is selected, unless the selection is still being put together.
 */
void
ac_action_center_page_show_selection (AcActionCenterPage *self)
{
  AcActionView *view = ac_action_center_page_get_active_view (self);

  if (ac_action_view_get_n_selected (view) == 0)
    {
      ac_action_center_page_hide_flyout (self);
      update_status (self);
      return;
    }
  fill_flyout (self);
  if (ac_action_view_is_ticking (view) ||
      (ac_action_view_is_picking (view) && ac_adaptive_bin_get_narrow (self->bin)))
    update_status (self);
  else
    open_flyout_soon (self);
}

/**
 * ac_action_center_page_decide_selection:
 *
 * Opens the flyout with what is selected, however that came about; what it shows already stays.
 */
void
ac_action_center_page_decide_selection (AcActionCenterPage *self)
{
  if ((ac_action_center_page_shows_flyout (self) &&
       !ac_between_frames_is_running (self->opening)) ||
      ac_action_view_get_n_selected (ac_action_center_page_get_active_view (self)) == 0)
    return;
  if (self->flyout == NULL || ac_flyout_get_content (self->flyout) == AC_FLYOUT_NOTHING)
    fill_flyout (self);
  ac_action_center_page_open_flyout (self);
}

/**
 * ac_action_center_page_follow_selection:
 * @by_list: the rows have changed, and not what the person has selected
 */
void
ac_action_center_page_follow_selection (AcActionCenterPage *self,
                                        AcActionTab *tab,
                                        gboolean by_list)
{
  AcFlyoutContent content =
      self->flyout != NULL ? ac_flyout_get_content (self->flyout) : AC_FLYOUT_NOTHING;

  if (tab != ac_action_center_page_get_active_tab (self))
    return;
  /* What has been decided leaves Pending; that must not take away what one is reading. */
  if (by_list && (content == AC_FLYOUT_OPERATION ||
                  (content == AC_FLYOUT_ONE &&
                   ac_action_view_get_n_selected (ac_action_tab_get_view (tab)) == 0)))
    {
      ac_action_center_page_update_ways (self);
      update_status (self);
      return;
    }
  /* Whoever selects something does not wait for something else any more. */
  if (!by_list)
    ac_action_tab_select (tab, NULL);
  ac_action_center_page_show_selection (self);
  ac_action_center_page_review_if_wanted (self);
}

/**
 * ac_action_center_page_review_if_wanted:
 *
 * Moves the focus to the button of the decision that somebody came for, once what it decides about
 * is shown.
 */
void
ac_action_center_page_review_if_wanted (AcActionCenterPage *self)
{
  AcActionView *view = ac_action_center_page_get_active_view (self);
  g_autoptr (AcActionItem) item = NULL;
  AcAction *action;

  if (self->review_id == NULL || ac_action_view_get_n_selected (view) != 1)
    return;
  item = g_list_model_get_item (G_LIST_MODEL (ac_action_view_get_list (view)),
                                ac_action_view_get_position (view));
  action = item != NULL ? ac_action_item_get_action (item) : NULL;
  if (action == NULL)
    return;
  if (strcmp (ac_action_get_id (action), self->review_id) != 0 ||
      (ac_action_center_page_shows_flyout (self) &&
       ac_flyout_focus_decision (self->flyout, ac_decision_wire (self->review))))
    g_clear_pointer (&self->review_id, g_free);
}

/**
 * ac_action_center_page_awaits:
 *
 * Returns: whether the details of that action are to be shown and are not yet.
 */
gboolean
ac_action_center_page_awaits (AcActionCenterPage *self, const char *id)
{
  g_return_val_if_fail (AC_IS_ACTION_CENTER_PAGE (self), FALSE);

  return ac_action_tab_awaits (ac_action_center_page_get_active_tab (self), id);
}

/**
 * ac_action_center_page_show_run:
 *
 * Shows how a decision goes.
 */
void
ac_action_center_page_show_run (AcActionCenterPage *self, AcOperationRun *run)
{
  g_return_if_fail (AC_IS_ACTION_CENTER_PAGE (self));

  ac_action_view_unselect_all (ac_action_center_page_get_active_view (self));
  ac_action_center_page_ensure_flyout (self);
  ac_flyout_show_run (self->flyout, run);
  ac_flyout_set_position (self->flyout, GTK_INVALID_LIST_POSITION, 0, FALSE, FALSE);
  ac_action_center_page_open_flyout (self);
}
