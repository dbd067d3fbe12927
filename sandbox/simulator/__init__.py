"""A simulated BigBlueButton server for the demo site and the tests; it shares no code with the package under test.

simulator = Simulator(secret="…")
with simulator.serve() as url:                  # http://127.0.0.1:PORT/bigbluebutton/
    …                                           # create, join, leave, as with a real server
    simulator.advance(300)                      # its clock moves, its timers run
    simulator.deliver_callbacks()               # by itself with serve(background=True)
    simulator.fault("create", "html_502")       # the next create goes wrong
    simulator.treat_callbacks("recording-ready", dropped=True)  # and nobody is told of recordings

A simulator with `recordings_per_room=50` has so many old recordings of every room that it is asked for, without having
made them: for searches through hundreds of thousands (population.py).
"""

from .meetings import Participant, SimMeeting
from .simulator import Simulator
from .wire import Call

__all__ = ["Call", "Participant", "SimMeeting", "Simulator"]
